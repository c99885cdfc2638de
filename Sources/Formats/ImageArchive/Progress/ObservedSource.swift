import Diagnostics
import ImageModel

extension ArchiveImage {
  /// The same image with layers that tell an observer how far they are; nil leaves the image as it is.
  public func observed(by observer: (any LayerObserver)?) -> ArchiveImage {
    guard let observer else { return self }
    return ArchiveImage(
      id: id, tags: tags, ociNames: ociNames, manifest: manifest, config: config,
      layers: layers.map {
        ArchiveLayer($0.layer, source: ObservedSource(layer: $0.layer, source: $0.source, observer: observer))
      })
  }
}

/// A source that tells an observer what is read of it.
///
/// So nothing in the engine has to know of observers, and without one nothing is between it and the store.
private struct ObservedSource: LayerSource {
  let layer: Layer
  let source: any LayerSource
  let observer: any LayerObserver

  var name: String { source.name }

  func open() throws(Failure) -> any LayerBytes {
    let bytes = try source.open()
    observer.started(layer)
    return ObservedBytes(bytes, of: layer, observer)
  }

  func diagnosis() -> String? { source.diagnosis() }
}

private final class ObservedBytes: LayerBytes {
  private let bytes: any LayerBytes
  private let layer: Layer
  private let observer: any LayerObserver
  /// The bytes that have been delivered; touched by the thread that delivers only.
  private var delivered: UInt64 = 0
  private var isFinished = false

  init(_ bytes: any LayerBytes, of layer: Layer, _ observer: any LayerObserver) {
    self.bytes = bytes
    self.layer = layer
    self.observer = observer
  }

  func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> LaidOutBytes {
    try bytes.next(into: buffer)
  }

  func delivered(_ count: Int) {
    delivered += UInt64(count)
    if count > 0 { observer.advanced(layer, by: count) }
    if delivered == layer.size, !isFinished {
      isFinished = true
      observer.finished(layer)
    }
  }
}
