import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource

/// How the layers of a save are written, as far as that is known.
public struct WrittenLayers: Sendable {
  private var layers: [Layer: WrittenLayer] = [:]

  /// What is known before anything is written: plain tars are what they are, absent layers what their source says.
  init(knownOf layers: [SourceLayer], areCompressed: Bool) {
    for layer in layers where layer.isAbsent || !areCompressed { self.layers[layer.layer] = layer.described }
  }

  /// Adds a layer that has been written.
  mutating func add(_ written: WrittenLayer, for layer: Layer) { layers[layer] = written }

  /// How a layer is written; nil if only writing can tell.
  public subscript(layer: Layer) -> WrittenLayer? { layers[layer] }

  /// How the layers of an image are written, the base first.
  ///
  /// - Throws: A ``Diagnostics/Failure`` if that is not known of all of them.
  public func layers(of image: FormatImage) throws(Failure) -> [WrittenLayer] {
    try image.layers.map { layer throws(Failure) in
      guard let written = layers[layer.layer] else {
        throw Failure(.internalError, "layer \(layer.layer.diffID)", "has not been written")
      }
      return written
    }
  }

  /// Whether it is known of all layers of some images how they are written.
  func isComplete(for images: [FormatImage]) -> Bool {
    images.allSatisfy { image in image.layers.allSatisfy { layers[$0.layer] != nil } }
  }
}

extension SourceLayer {
  /// The layer as its source describes it: an absent one by its blob if there is one, else the plain tar.
  fileprivate var described: WrittenLayer? {
    if isAbsent, let blob = layer.blob {
      return WrittenLayer(digest: blob.digest, size: blob.size, compression: blob.mediaType.compressionSuffix)
    }
    return layer.size.map { WrittenLayer(digest: layer.diffID, size: $0) }
  }
}
