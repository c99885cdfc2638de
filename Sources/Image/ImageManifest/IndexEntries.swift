import Diagnostics
import GoJSON
import ImageModel
import JSON

extension ManifestList {
  /// The descriptors in an OCI image index or a Docker manifest list, in its order.
  ///
  /// A text without a media type counts as an image index, as `index.json` of a layout does.
  ///
  /// - Throws: A failure of the kind `badData`: malformed JSON, repeated member names, anything longer than
  ///   ``Manifest/maximumSize``, the members of an image, digests other than SHA-256, and negative sizes.
  public static func entries(parsing bytes: [UInt8]) throws(Failure) -> [Descriptor] {
    try ListContents(parsing: bytes, isTyped: false).descriptors()
  }
}

/// A decoded OCI image index or Docker manifest list.
enum ListContents: Sendable {
  case oci(OCISpec.Index)
  case docker(DockerSpec.ManifestList)

  /// Reads a list; one that is not `isTyped` counts as an image index if its text does not say what it is.
  ///
  /// - Throws: As ``ManifestList/entries(parsing:)``.
  init(parsing bytes: [UInt8], isTyped: Bool) throws(Failure) {
    try refuseExcess(bytes, "index")
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes, rules: .strictWithMaps)
    } catch {
      throw .badData("malformed index: \(error)")
    }
    switch guessedMediaType(of: value) {
    case .dockerManifestList?:
      try refuseAmbiguity(value, type: .dockerManifestList, allowing: [.manifests])
      self = .docker(try decoded(value))
    case let type where type == .ociIndex || !isTyped:
      try refuseAmbiguity(value, type: .ociIndex, allowing: [.manifests])
      self = .oci(try decoded(value))
    default:
      // A list with a member of a wrong type shows no type: say which member.
      let _: OCISpec.Index = try decoded(value)
      throw .badData("not a list of manifests")
    }
  }

  /// The media type of the list.
  var mediaType: MediaType {
    switch self {
    case .oci: .ociIndex
    case .docker: .dockerManifestList
    }
  }

  /// The entries, checked.
  func descriptors() throws(Failure) -> [Descriptor] {
    var entries: [Descriptor] = []
    switch self {
    case .oci(let index):
      for entry in index.manifests ?? [] {
        entries.append(try Descriptor(entry, place: "manifest \(entries.count + 1)"))
      }
    case .docker(let list):
      for entry in list.manifests ?? [] {
        entries.append(try Descriptor(entry, place: "manifest \(entries.count + 1)"))
      }
    }
    return entries
  }

  /// The entries in the form of an image index.
  var ociEntries: [OCISpec.Descriptor] {
    switch self {
    case .oci(let index): index.manifests ?? []
    case .docker(let list): (list.manifests ?? []).map { OCISpec.Descriptor($0) }
    }
  }
}

extension OCISpec.Descriptor {
  /// The entry of a Docker manifest list as one of an image index, which has no features of processors.
  fileprivate init(_ entry: DockerSpec.ManifestDescriptor) {
    mediaType = entry.mediaType
    digest = entry.digest
    size = entry.size
    urls = entry.urls
    var platform = OCISpec.Platform()
    platform.architecture = entry.platform.architecture
    platform.os = entry.platform.os
    platform.osVersion = entry.platform.osVersion
    platform.osFeatures = entry.platform.osFeatures
    platform.variant = entry.platform.variant
    self.platform = platform
  }
}

extension [Descriptor] {
  /// The position of the manifest for one of some platforms, given best first, as ``ManifestList/instance(for:)``
  /// finds it; nil if there is none.
  public func position(for wanted: [Platform]) -> Int? {
    bestPosition(among: map { ($0.platform?.platform, $0.isZstd) }, for: wanted)
  }
}

extension Descriptor {
  /// Whether an annotation says that the layers of the manifest are compressed with zstd.
  public var isZstd: Bool {
    annotations.contains { $0.key == zstdAnnotation && $0.value == "true" }
  }
}

/// The annotation of an entry whose layers are compressed with zstd.
///
/// Source: containers/image, internal/manifest/oci_index.go (`OCI1InstanceAnnotationCompressionZSTD`).
let zstdAnnotation = "io.github.containers.compression.zstd"
