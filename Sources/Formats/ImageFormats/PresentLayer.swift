import Diagnostics
import Digests
import ImageManifest
import ImageModel
import POSIX

/// A layer that the target already holds.
public struct PresentLayer: Sendable {
  /// The file of the layer in the target.
  public let file: String
  /// The layer as it is in the file.
  public let layer: WrittenLayer

  /// Describes a layer of a target.
  public init(file: String, layer: WrittenLayer) {
    self.file = file
    self.layer = layer
  }
}

/// The layers of a layout, found by the diffIDs in the configs of its images.
///
/// A damaged image of the layout gives no layers, and is no failure. The blobs are not read: a blob counts if it
/// is a file of the right size.
struct PresentLayers {
  private let layout: Path
  /// The blobs of each layer, in the order of the index.
  private var blobs: [Digest: [WrittenLayer]] = [:]
  private var seen: Set<Digest> = []

  /// The deepest nesting of indexes.
  private static let maximumDepth = 4

  /// Reads the manifests and configs of a layout.
  init(of index: OCIIndex, in layout: Path) {
    self.layout = layout
    for digest in index.digests { add(manifest: digest, depth: 0) }
  }

  /// The blob of a layer, preferably one with this compression; nil if the layout has none.
  ///
  /// `suffix` is the media type suffix of the compression, nil for a plain tar. Another compression is acceptable
  /// unless `isStrict`.
  func blob(of diffID: Digest, _ suffix: String?, isStrict: Bool) -> WrittenLayer? {
    let blobs = blobs[diffID] ?? []
    let preferred = blobs.filter { $0.compression == suffix }
    let others = isStrict ? [] : blobs.filter { $0.compression != suffix }
    return (preferred + others).first(where: isPresent)
  }

  /// A blob that is passed on, if the layout has it.
  func blob(_ descriptor: BlobDescriptor?, _ suffix: String?) -> WrittenLayer? {
    let blob = descriptor.map { WrittenLayer(digest: $0.digest, size: $0.size, compression: suffix) }
    return blob.flatMap { isPresent($0) ? $0 : nil }
  }

  private func isPresent(_ blob: WrittenLayer) -> Bool {
    let status = try? FileStatus.of(layout.appending(OCILayout.path(of: blob.digest)))
    return status?.kind == .regular && status?.size == blob.size
  }

  private mutating func add(manifest digest: Digest, depth: Int) {
    guard depth <= PresentLayers.maximumDepth, seen.insert(digest).inserted, let bytes = bytes(of: digest)
    else {
      return
    }
    if let list = try? ManifestList(parsing: bytes) {
      for instance in list.instances {
        if let digest = Digest(instance.digest) { add(manifest: digest, depth: depth + 1) }
      }
      return
    }
    guard let manifest = try? Manifest(parsing: bytes), let config = manifest.config,
      let diffIDs = self.bytes(of: config.digest).flatMap({ diffIDs(ofConfig: $0) }),
      diffIDs.count == manifest.layers.count
    else { return }
    for (descriptor, diffID) in zip(manifest.layers, diffIDs) {
      guard let diffID, let layer = WrittenLayer(descriptor, diffID: diffID),
        blobs[diffID]?.contains(layer) != true
      else { continue }
      blobs[diffID, default: []].append(layer)
    }
  }

  /// The bytes of a manifest or config; nil if they are missing or damaged.
  private func bytes(of digest: Digest) -> [UInt8]? {
    let file = layout.appending(OCILayout.path(of: digest))
    guard let bytes = try? file.contents(limit: Manifest.maximumSize), SHA256.digest(of: bytes) == digest else {
      return nil
    }
    return bytes
  }
}
