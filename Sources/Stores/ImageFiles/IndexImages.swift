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
    let all = try ManifestList.entries(parsing: bytes)
    var image = try chosen(from: all.filter { !$0.isAttestation }, depth: depth, &readings)
    if all.contains(where: \.isAttestation) { image.hasAttestations = true }
    return image
  }

  /// The image for a wanted platform among the entries of an index.
  private func chosen(
    from listed: [Descriptor], depth: Int, _ readings: inout Int
  ) throws(Failure) -> StoredImage {
    let wanted = choice.wanted()
    var named = listed.filter { $0.platform.map { wanted.contains($0.platform) } ?? false }
    for _ in 0..<IndexImages.maximumReadings {
      guard let position = named.position(for: wanted) else { break }
      let entry = named.remove(at: position)
      if try blobs.hasManifest(entry) {
        return try image(blobs.manifest(entry), depth: depth + 1, &readings)
      }
    }
    for entry in listed where entry.platform == nil {
      readings -= 1
      guard readings > 0 else {
        throw Failure(.badData, "", "an index with too many manifests without platform")
      }
      guard try blobs.hasManifest(entry) else { continue }
      let found = try image(blobs.manifest(entry), depth: depth + 1, &readings)
      guard let platform = found.platform else { return found }
      if wanted.contains(platform) { return found }
    }
    throw try absent(wanted.first, listed)
  }

  /// The failure if an index has no image for a platform: says which other platforms there are.
  private func absent(_ wanted: Platform?, _ listed: [Descriptor]) throws(Failure) -> Failure {
    let isListed = listed.contains { $0.platform?.platform == wanted }
    let name = wanted.map { "\($0)" } ?? "this platform"
    var platforms: [String] = []
    for entry in listed.prefix(IndexImages.maximumReadings) {
      if let platform = entry.platform?.platform, try blobs.hasManifest(entry) {
        platforms.append("\(platform)")
      }
    }
    var reason = isListed ? "the image for \(name) is listed, but not there" : "no image for \(name)"
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
