import ContainersStorage
import Diagnostics
import Digests
import ImageReference

/// By which rule an image was found; the raw values are stable and stand in records.
public enum Match: String, Hashable, Sendable, CaseIterable {
  /// By a `containers-storage:` reference.
  case transport = "transport"
  /// By its whole ID.
  case id = "id"
  /// By the only ID that begins like the text.
  case idPrefix = "id-prefix"
  /// By a name with a registry.
  case name = "name"
  /// By the alias of a short name.
  case alias = "alias"
  /// By a short name below `localhost`.
  case localhost = "localhost"
  /// By a short name below a search registry.
  case searchRegistry = "search-registry"
  /// By a short name below `docker.io`.
  case dockerHub = "docker.io"
  /// By a stored name that is not normalised.
  case rawName = "raw-name"
  /// By the end of a stored repository.
  case repository = "repository"
}

/// An image that was looked up, and all that saving it needs to know about how.
public struct FoundImage: Sendable {
  /// The image; of a manifest list the instance that was chosen.
  public let image: ImageEntry
  /// The store that the image is in.
  public let store: StoreSnapshot
  /// The name the image was found under, as libimage resolves it; empty for a `containers-storage:` reference.
  public let resolvedName: String
  /// The rule by which it was found.
  public let match: Match
  /// The ID of the manifest list, if the image is an instance of one.
  public let list: StorageID?
  /// The digest in a `containers-storage:` reference: that of the manifest to save if the image has it.
  public let requestedManifest: Digest?

  /// Whether the image was asked for by (the beginning of) its ID, or without a name to keep.
  ///
  /// Source: libimage save.go, which compares just so.
  public var byID: Bool { image.idText.hasPrefix(resolvedName) }

  /// The reference name in an OCI layout; nil for an image without one.
  ///
  /// It need not be valid there: see ``ImageReference/isValidOCIReferenceName(_:)``.
  public var referenceName: String? { byID ? nil : resolvedName }

  /// The name among the `RepoTags` of a docker-archive; nil for anything but a canonical name with a tag.
  public var repositoryTag: String? {
    guard let reference = try? ImageReference.parseNamed(resolvedName), reference.tag != nil else {
      return nil
    }
    return resolvedName
  }
}

/// The failure of an image that is not known.
func unknown(_ name: String) -> Failure {
  Failure(.notFound, name, "image not known")
}
