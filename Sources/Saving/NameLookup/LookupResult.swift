import ContainersStorage
import Diagnostics
import Digests
import ImageReference

/// The rule by which an image was found; the raw values are stable and part of records.
public enum Match: String, Hashable, Sendable, CaseIterable {
  /// By a `containers-storage:` reference.
  case transport = "transport"
  /// By its complete ID.
  case id = "id"
  /// By the only ID with this prefix.
  case idPrefix = "id-prefix"
  /// By a name with a registry.
  case name = "name"
  /// By the alias of a short name.
  case alias = "alias"
  /// By a short name in `localhost`.
  case localhost = "localhost"
  /// By a short name in a search registry.
  case searchRegistry = "search-registry"
  /// By a short name in `docker.io`.
  case dockerHub = "docker.io"
  /// By a stored name that is not normalised.
  case rawName = "raw-name"
  /// By the end of a stored repository.
  case repository = "repository"
}

/// An image that was looked up, with the facts about the lookup that a save needs.
public struct FoundImage: Sendable {
  /// The image; for a manifest list the selected instance.
  public let image: ImageEntry
  /// The store of the image.
  public let store: StoreSnapshot
  /// The name of the image as libimage resolves it; empty for a `containers-storage:` reference.
  public let resolvedName: String
  /// The rule by which the image was found.
  public let match: Match
  /// The ID of the manifest list; nil if the image is not an instance of one.
  public let list: StorageID?
  /// The digest in a `containers-storage:` reference: the manifest to save, if the image has it.
  public let requestedManifest: Digest?

  /// Whether the image was requested by (a prefix of) its ID, or without a name to keep.
  ///
  /// Source: libimage save.go, which makes the same comparison.
  public var byID: Bool { image.idText.hasPrefix(resolvedName) }

  /// The reference name in an OCI layout; nil for an image without one.
  ///
  /// It may be invalid there: see ``ImageReference/isValidOCIReferenceName(_:)``. An ID is never a name:
  /// libimage, unlike img, makes one of `sha256:` and an ID, and of the ID of a manifest list.
  public var referenceName: String? {
    byID || match == .id || match == .idPrefix ? nil : resolvedName
  }

  /// The name in the `RepoTags` of a docker-archive; nil unless it is a canonical name with a tag.
  public var repositoryTag: String? {
    guard let reference = try? ImageReference.parseNamed(resolvedName), reference.tag != nil else {
      return nil
    }
    return resolvedName
  }
}

/// The failure for an unknown image.
func unknown(_ name: String) -> Failure {
  Failure(.notFound, name, "image not known")
}
