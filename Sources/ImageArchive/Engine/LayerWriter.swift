import Diagnostics
import Gzip
import ImageManifest
import ImageModel

/// Writes layers with or without compression, each layer once however often it occurs.
final class LayerWriter {
  private let copier = LayerCopier()
  private let compressor: LayerCompressor?
  private var written: [Layer: WrittenLayer] = [:]

  init(_ compression: LayerCompression) throws(Failure) {
    switch compression {
    case .none: compressor = nil
    case .gzip(let level, let jobs): compressor = try LayerCompressor(level: level, jobs: jobs)
    }
  }

  /// What was written for a layer, nil if that has not happened yet.
  func result(for layer: ArchiveLayer) -> WrittenLayer? { written[layer.layer] }

  /// The digest and size that a layer will have, if they are known before it is written.
  func expectation(for layer: ArchiveLayer) -> WrittenLayer? {
    guard compressor == nil else { return nil }
    return WrittenLayer(digest: layer.layer.diffID, size: layer.layer.size, isGzip: false)
  }

  /// Writes a layer; `write` gets the bytes in order.
  func write(
    _ layer: ArchiveLayer, write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> WrittenLayer {
    let result: WrittenLayer
    if let compressor {
      result = try compressor.compress(layer, write: write)
    } else {
      try copier.copy(layer, write: write)
      result = WrittenLayer(digest: layer.layer.diffID, size: layer.layer.size, isGzip: false)
    }
    written[layer.layer] = result
    return result
  }
}
