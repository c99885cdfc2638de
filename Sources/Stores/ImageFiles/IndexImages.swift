import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON

/// Finds the manifest for a platform in nested indexes.
struct IndexImages: Sendable {
  let blobs: BlobFiles
  let choice: PlatformChoice

  /// The deepest nesting of indexes, as containerd follows it.
  static let maximumDepth = 4
  /// How many manifests are read for one image: those without a platform must be read to find out theirs.
  private static let maximumReadings = 256

  /// The image of a descriptor, which may be an index.
  func image(_ descriptor: Descriptor) throws(Failure) -> StoredImage { try image(blobs.manifest(descriptor)) }

  /// The image of a manifest or an index.
  func image(_ bytes: [UInt8]) throws(Failure) -> StoredImage {
    var readings = IndexImages.maximumReadings
    return try image(bytes, depth: 0, &readings)
  }

  private func image(_ bytes: [UInt8], depth: Int, _ readings: inout Int) throws(Failure) -> StoredImage {
    guard isManifestList(bytes) else { return try blobs.image(of: Manifest(parsing: bytes)) }
    guard depth < IndexImages.maximumDepth else {
      throw Failure(.badData, "", "indexes are nested deeper than \(IndexImages.maximumDepth)")
    }
    let listed = try ManifestList.entries(parsing: bytes).filter { !$0.isAttestation }
    var entries: [Descriptor] = []
    for entry in listed where try blobs.hasManifest(entry) { entries.append(entry) }
    let wanted = choice.wanted()
    let named = entries.filter { $0.platform != nil }
    if let position = named.position(for: wanted) {
      return try image(blobs.manifest(named[position]), depth: depth + 1, &readings)
    }
    for entry in entries where entry.platform == nil {
      readings -= 1
      guard readings > 0 else {
        throw Failure(.badData, "", "an index with too many manifests without platform")
      }
      let found = try image(blobs.manifest(entry), depth: depth + 1, &readings)
      guard let platform = found.platform else { return found }
      if wanted.contains(platform) { return found }
    }
    throw absent(wanted.first, present: entries, listed: listed)
  }

  private func absent(_ wanted: Platform?, present: [Descriptor], listed: [Descriptor]) -> Failure {
    let platforms = present.compactMap { $0.platform?.platform.description }
    let missing = listed.compactMap { $0.platform?.platform }.contains { $0 == wanted }
    var reason = "no image for \(wanted.map { "\($0)" } ?? "this platform")"
    if missing { reason = "the image for \(wanted.map { "\($0)" } ?? "") is listed, but not there" }
    if !platforms.isEmpty { reason += "; there is \(platforms.prefix(8).joined(separator: ", "))" }
    return Failure(.notFound, "", reason)
  }
}

extension StoredImage {
  /// The platform in the config; nil if it names none.
  var platform: Platform? { ConfigFacts(config: config.bytes).platform }
}

extension Descriptor {
  /// Whether the manifest holds statements about another one, such as provenance of BuildKit.
  ///
  /// Source: moby, daemon/containerd/image_manifest.go.
  var isAttestation: Bool {
    annotations.contains { $0.key == "vnd.docker.reference.type" }
      || platform.map { $0.platform.os == "unknown" && $0.platform.architecture == "unknown" } ?? false
  }
}
