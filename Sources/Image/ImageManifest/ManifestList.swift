import Diagnostics
import GoJSON
import ImageModel
import JSON

/// An OCI image index or a Docker manifest list, with what is needed to choose an image.
///
/// Sources: OCI image-spec v1.1, image-index.md; distribution, manifest-v2-2.md; containers/image,
/// internal/manifest, oci_index.go and docker_schema2_list.go.
public struct ManifestList: Sendable {
  /// A manifest in the list.
  public struct Instance: Hashable, Sendable {
    /// The digest as written.
    public let digest: String
    /// The platform; nil for an index entry without one, which fits any.
    public let platform: Platform?
    /// Whether its annotation says that its layers are compressed with zstd.
    public let isZstd: Bool
  }

  /// Whether it is an image index or a manifest list.
  public let mediaType: MediaType
  /// The manifests, in the order of the list.
  public let instances: [Instance]

  /// Reads an index or a list.
  ///
  /// - Throws: A failure of the kind `badData`: malformed JSON, a manifest that is not a list, members that do
  ///   not fit, and a list with the members of an image, which other readers would take for one.
  public init(parsing bytes: [UInt8]) throws(Failure) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes, rules: .lenient)
    } catch {
      throw .badData(error.reason)
    }
    guard let type = guessedMediaType(of: value), type.isList else {
      throw .badData("not a manifest list")
    }
    do {
      instances =
        switch type {
        case .ociIndex: (try OCISpec.Index(value).manifests ?? []).map { Instance($0) }
        default: (try DockerSpec.ManifestList(value).manifests ?? []).map { Instance($0) }
        }
    } catch {
      throw .badData(error.reason)
    }
    try refuseAmbiguity(value, type: type, allowing: [.manifests])
    mediaType = type
  }

  /// The name of this kind of list in messages.
  public var name: String { mediaType == .ociIndex ? "image index" : "manifest list" }

  /// The digest of the manifest for one of some platforms, given best first; nil if there is none.
  ///
  /// The platform decides first; an entry without one is the last choice. Among entries for one platform, zstd
  /// compression is preferred, then the first in the list.
  /// Source: containers/image, internal/manifest/oci_index.go (`isPreferredOver`).
  public func instance(for wanted: [Platform]) -> String? {
    bestPosition(among: instances.map { ($0.platform, $0.isZstd) }, for: wanted).map { instances[$0].digest }
  }
}

/// The position of the best entry of a list for some platforms, given best first; see
/// ``ManifestList/instance(for:)``.
public func bestPosition(among entries: [(platform: Platform?, isZstd: Bool)], for wanted: [Platform]) -> Int? {
  var candidates: [(platform: Int, compression: Int, position: Int)] = []
  for (position, entry) in entries.enumerated() {
    // An entry without a platform comes last; one for another platform is out of the question.
    guard let platform = entry.platform.map({ wanted.firstIndex(of: $0) }) ?? wanted.count else { continue }
    candidates.append((platform: platform, compression: entry.isZstd ? 0 : 1, position: position))
  }
  return candidates.min(by: <)?.position
}

/// Whether a text is a list of manifests; false for a text that is not JSON.
///
/// The `declared` type decides where the text shows none, as that of a list with a member of a wrong type.
public func isManifestList(_ bytes: [UInt8], declared: MediaType? = nil) -> Bool {
  guard let value = try? JSONValue(parsing: bytes, rules: .lenient) else { return false }
  return (guessedMediaType(of: value) ?? declared)?.isList ?? false
}

extension ManifestList.Instance {
  fileprivate init(_ spec: OCISpec.Descriptor) {
    digest = spec.digest.value
    platform = spec.platform.map { Platform($0) }
    isZstd = spec.annotations?[Array(zstdAnnotation.utf8)] == "true"
  }

  fileprivate init(_ spec: DockerSpec.ManifestDescriptor) {
    digest = spec.digest.value
    platform = Platform(
      os: spec.platform.os, architecture: spec.platform.architecture, variant: spec.platform.variant)
    isZstd = false
  }
}
