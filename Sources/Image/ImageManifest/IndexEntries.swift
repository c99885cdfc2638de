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
    try refuseExcess(bytes, "index")
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes, rules: .strictWithMaps)
    } catch {
      throw .badData("malformed index: \(error)")
    }
    var entries: [Descriptor] = []
    if guessedMediaType(of: value) == .dockerManifestList {
      try refuseAmbiguity(value, type: .dockerManifestList, allowing: [.manifests])
      let list: DockerSpec.ManifestList = try decoded(value)
      for (index, entry) in (list.manifests ?? []).enumerated() {
        entries.append(try Descriptor(entry, place: "manifest \(index + 1)"))
      }
    } else {
      try refuseAmbiguity(value, type: .ociIndex, allowing: [.manifests])
      let list: OCISpec.Index = try decoded(value)
      for (index, entry) in (list.manifests ?? []).enumerated() {
        entries.append(try Descriptor(entry, place: "manifest \(index + 1)"))
      }
    }
    return entries
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
  fileprivate var isZstd: Bool {
    annotations.contains { $0.key == "io.github.containers.compression.zstd" && $0.value == "true" }
  }
}
