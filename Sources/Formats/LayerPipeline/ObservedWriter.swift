import Diagnostics
import ImageModel
import ImageSource

/// A writer that reports progress to an observer and forwards everything to another writer.
final class ObservedWriter: LayerWriter {
  private let writer: any LayerWriter
  private let layers: [SourceLayer]
  private let observer: any LayerObserver

  init(_ writer: any LayerWriter, of layers: [SourceLayer], _ observer: any LayerObserver) {
    self.writer = writer
    self.layers = layers
    self.observer = observer
  }

  func begin(_ number: Int) throws(Failure) {
    try writer.begin(number)
    observer.started(layers[number].layer, size: layers[number].stream?.size)
  }

  func take(_ chunk: Chunk, of number: Int) throws(Failure) {
    try writer.take(chunk, of: number)
    if chunk.count > 0 { observer.advanced(layers[number].layer, by: chunk.count) }
  }

  func end(_ number: Int, size: UInt64) throws(Failure) {
    try writer.end(number, size: size)
    observer.finished(layers[number].layer)
  }
}
