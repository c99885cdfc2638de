import ContainerStorage
import Diagnostics
import ImageReference

/// How an image was found.
public enum Match: String, Sendable {
  /// By its full ID.
  case id
  /// By the start of its ID.
  case idPrefix = "id-prefix"
  /// By its name.
  case name
}

/// An image that was found in a store.
public struct FoundImage: Sendable {
  /// The image's record.
  public let image: ImageEntry
  /// The name as libimage resolves it.
  public let resolvedName: String
  /// How the image was found.
  public let match: Match
}

/// Finds the image that a user means.
public func lookUpImage(_ name: String, in snapshot: StoreSnapshot) throws(Failure) -> FoundImage {
  let bare = name.hasPrefix("sha256:") ? String(name.dropFirst(7)) : name
  if StorageID(bare) != nil {
    if let image = snapshot.images.first(where: { $0.idText == bare }) {
      return FoundImage(image: image, resolvedName: name, match: .id)
    }
    throw Failure(.notFound, name, "image not known")
  }
  var candidates: [String] = []
  if let reference = try? ImageReference.normalizedName(name) { candidates.append(reference.description) }
  if let reference = try? ImageReference.parseDockerReference(name) { candidates.append(reference.description) }
  for candidate in candidates {
    if let image = snapshot.images.last(where: { $0.hasName(candidate) }) {
      return FoundImage(image: image, resolvedName: candidate, match: .name)
    }
  }
  let matches = snapshot.images.filter { $0.idText.hasPrefix(name) }
  if matches.count == 1, !name.isEmpty {
    return FoundImage(image: matches[0], resolvedName: name, match: .idPrefix)
  }
  throw Failure(.notFound, name, "image not known")
}
