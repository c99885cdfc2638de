import Diagnostics
import Digests
import ImageModel
import ImageRecord
import ImageSource
import LayerPipeline

extension SaveJob {
  /// The images with the sizes of all absent layers; reads those that their source knows only as compressed blobs.
  ///
  /// The manifest describes an absent layer as a plain tar, with its size. A blob that is damaged or not there keeps
  /// its own description: the layer is not needed otherwise.
  public func measured(_ selection: SaveSelection) -> SaveSelection {
    var selection = selection
    var sizes: [Digest: UInt64] = [:]
    for (number, record) in selection.records.enumerated() {
      for (index, layer) in record.layers.enumerated() where layer.isAbsent && layer.layer.size == nil {
        guard let size = sizes[layer.layer.diffID] ?? (try? size(of: index, record)) else { continue }
        sizes[layer.layer.diffID] = size
        selection.records[number].layers[index].layer = Layer(
          diffID: layer.layer.diffID, size: size, blob: layer.layer.blob)
      }
    }
    return selection
  }

  /// Reads a layer, and compares its digest; returns its size.
  private func size(of index: Int, _ record: ImageRecord) throws(Failure) -> UInt64? {
    var record = record
    record.layers = [record.layers[index]]
    record.layers[0].isAbsent = false
    let counter = LayerCounter()
    try LayerPipeline(nil, threads: threads).run(
      record.sourceLayers(from: providers), inOrder: true, to: counter)
    return counter.size
  }
}

/// Takes a layer, and keeps only its size.
private final class LayerCounter: LayerWriter {
  private(set) var size: UInt64?

  func begin(_ number: Int) throws(Failure) {}
  func take(_ chunk: Chunk, of number: Int) throws(Failure) {}
  func end(_ number: Int, size: UInt64) throws(Failure) { self.size = size }
}
