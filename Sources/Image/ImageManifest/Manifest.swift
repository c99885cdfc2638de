import Diagnostics
import Digests
import GoJSON
import ImageModel
import JSON

/// The manifest of a single image, with the exact bytes it was read from.
///
/// The manifest's digest depends on these bytes, so they are kept unless something must change.
/// Sources: OCI image-spec v1.1, manifest.md; distribution, manifest-v2-1.md and manifest-v2-2.md; for refusals
/// and their wording: containers/image, package manifest.
public struct Manifest: Sendable {
  /// A decoded manifest of one of the kinds.
  enum Contents: Sendable {
    case oci(OCIManifest)
    case docker(DockerManifest)
    case schema1(Schema1Manifest)
  }

  /// The longest manifest or config that is read, in bytes.
  ///
  /// Source: containers/image, internal/iolimits.
  public static let maximumSize = 4 << 20

  /// The exact bytes, their digest, and the media type found for them.
  public let blob: Blob
  let contents: Contents

  /// Reads the manifest of a single image.
  ///
  /// Throws a ``Diagnostics/Failure`` of the kind `badData` for malformed JSON, repeated member names, anything
  /// longer than ``maximumSize``, lists of manifests, manifests that could be taken for one of another kind,
  /// digests other than SHA-256, and negative sizes.
  public init(parsing bytes: [UInt8]) throws(Failure) {
    try refuseExcess(bytes, "manifest")
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes, rules: .strictWithMaps)
    } catch {
      throw .badData("malformed manifest: \(error)")
    }
    let type = MediaType.normalized(guessedMediaType(of: value))
    switch type {
    case .ociManifest: contents = .oci(try OCIManifest(value))
    case .dockerManifest: contents = .docker(try DockerManifest(value))
    case .ociIndex, .dockerManifestList:
      throw .badData("Unexpectedly received a manifest list instead of a manifest for a single image")
    default: contents = .schema1(try Schema1Manifest(value))
    }
    blob = Blob(mediaType: type, bytes: bytes)
  }
}

extension Manifest {
  /// The descriptor of the config; nil for schema 1, which has none.
  public var config: Descriptor? {
    switch contents {
    case .oci(let manifest): manifest.config
    case .docker(let manifest): manifest.config
    case .schema1: nil
    }
  }

  /// The number of layers with files.
  ///
  /// Throwaway entries of a schema 1 manifest only change the config and are not counted.
  public var layerCount: Int {
    switch contents {
    case .oci(let manifest): manifest.layers.count
    case .docker(let manifest): manifest.layers.count
    case .schema1(let manifest): manifest.entries.count { !$0.isThrowaway }
    }
  }

  /// The descriptors of the layers, base first; none for schema 1, which does not describe its layers.
  public var layers: [Descriptor] {
    switch contents {
    case .oci(let manifest): manifest.layers
    case .docker(let manifest): manifest.layers
    case .schema1: []
    }
  }

  /// The config that a schema 1 manifest embeds for its topmost entry; nil for other manifests.
  ///
  /// It has platform, creation time and labels like a separate config, see ``ConfigFacts``.
  public var embeddedConfig: [UInt8]? {
    guard case .schema1(let manifest) = contents else { return nil }
    return manifest.entries.last?.compatibility
  }
}

/// Refuses a text that is longer than ``Manifest/maximumSize``.
func refuseExcess(_ bytes: [UInt8], _ what: String) throws(Failure) {
  guard bytes.count <= Manifest.maximumSize else {
    throw .badData("\(what) of \(bytes.count) bytes exceeds the maximum of \(Manifest.maximumSize)")
  }
}

/// Decodes the JSON of a manifest into a struct and words the failure.
func decoded<Spec: GoStruct>(_ value: JSONValue) throws(Failure) -> Spec {
  do {
    try Spec.refuseNamesInSeveralCases(value)
  } catch {
    throw .badData("malformed manifest: \(error)")
  }
  do {
    return try Spec(value)
  } catch {
    throw .badData(error.reason)
  }
}

extension Failure {
  /// A failure of the kind `badData`; callers add the subject.
  static func badData(_ reason: String) -> Failure {
    Failure(.badData, "", reason)
  }
}
