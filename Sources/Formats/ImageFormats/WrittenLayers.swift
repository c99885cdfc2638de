import Compression
import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource

/// The layers of a save as written, as far as known.
public struct WrittenLayers: Sendable {
  private var layers: [Layer: WrittenLayer] = [:]

  /// Knows no layer.
  init() {}

  /// Adds what is known before writing: plain tars, blobs that are passed on, absent layers, and layers that the
  /// target holds.
  init(knownOf layers: [SourceLayer], areCompressed: Bool, present: [Layer: WrittenLayer]) {
    for layer in layers where layer.isAbsent || layer.passesBlob || !areCompressed {
      self.layers[layer.layer] = layer.described
    }
    self.layers.merge(present) { $1 }
  }

  /// Adds a layer after it was written.
  mutating func add(_ written: WrittenLayer, for layer: Layer) { layers[layer] = written }

  /// A layer as written; nil if known only after writing.
  public subscript(layer: Layer) -> WrittenLayer? { layers[layer] }

  /// The layers of an image as written, the base first.
  ///
  /// - Throws: A ``Diagnostics/Failure`` if one of them is not known.
  public func layers(of image: FormatImage) throws(Failure) -> [WrittenLayer] {
    try image.layers.map { layer throws(Failure) in
      guard let written = layers[layer.layer] else {
        throw Failure(.internalError, "layer \(layer.layer.diffID)", "has not been written")
      }
      return written
    }
  }
}

extension FormatContext {
  /// A layer as it will be written, with another digest in place of that of a layer to compress.
  ///
  /// Two images with the same manifest of such layers will have the same manifest.
  func sketch(of layer: SourceLayer) -> WrittenLayer {
    if let known = written[layer.layer] { return known }
    let digest = SHA256.digest(of: Array("compressed \(layer.layer.diffID)".utf8))
    return WrittenLayer(digest: digest, size: layer.layer.size ?? 0, compression: options.codec?.suffix)
  }
}

extension SourceLayer {
  /// The layer as its manifest describes it: its blob if that is passed on, else the plain tar.
  ///
  /// An absent layer is a plain tar, too: podman finds it in its store by the digest of the plain tar only, whatever
  /// it was when it came there. Its blob is described only if the size of the tar is not known.
  fileprivate var described: WrittenLayer? {
    let plain = layer.size.map { WrittenLayer(digest: layer.diffID, size: $0) }
    guard passesBlob || isAbsent && plain == nil, let blob = layer.blob else { return plain }
    return WrittenLayer(digest: blob.digest, size: blob.size, compression: layer.blobSuffix)
  }
}
