import CommandSupport
import ImageModel
import POSIX

/// Progress as plain lines, for logs: one when a layer is complete, and one every ten seconds until then.
final class PlainProgress: ProgressRenderer {
  private let messages: Messages
  private let layers = Lock(PacedLayers(interval: 10_000_000_000))

  init(_ messages: Messages) {
    self.messages = messages
  }

  func started(_ layer: Layer, size: UInt64?) {
    let time = monotonicTime()
    layers.withLock { _ = $0.start(layer, size: size, at: time) }
  }

  func advanced(_ layer: Layer, by count: Int) {
    let time = monotonicTime()
    layers.withLock { layers in
      guard let progress = layers.advance(layer, by: count, at: time) else { return }
      messages.note("layer \(progress.name): \(progress.advance.running(at: time))")
    }
  }

  func finished(_ layer: Layer) {
    guard let progress = layers.withLock({ $0.finish(layer) }) else { return }
    messages.note("layer \(progress.name): \(progress.advance.complete(at: monotonicTime()))")
  }

  func end(_ saved: SavedOutput?) {}
}
