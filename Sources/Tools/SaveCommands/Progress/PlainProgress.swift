import CommandSupport
import ImageModel
import POSIX
import Synchronization

/// Progress as plain lines, for logs: one when a layer is complete, and one every ten seconds until then.
final class PlainProgress: ProgressRenderer {
  private let messages: Messages
  private let layers = Mutex<[Layer: (progress: LayerProgress, lastLine: UInt64)]>([:])
  private static let interval: UInt64 = 10_000_000_000

  init(_ messages: Messages) {
    self.messages = messages
  }

  func started(_ layer: Layer) {
    let time = monotonicTime()
    layers.withLock { $0[layer] = (LayerProgress(layer: layer, start: time), time) }
  }

  func advanced(_ layer: Layer, by count: Int) {
    let time = monotonicTime()
    layers.withLock { layers in
      layers[layer]?.progress.advance.count += UInt64(count)
      guard let known = layers[layer], time - known.lastLine >= PlainProgress.interval else { return }
      layers[layer]?.lastLine = time
      messages.note("layer \(known.progress.name): \(known.progress.advance.running(at: time))")
    }
  }

  func finished(_ layer: Layer) {
    guard let known = layers.withLock({ $0.removeValue(forKey: layer) }) else { return }
    messages.note("layer \(known.progress.name): \(known.progress.advance.complete(at: monotonicTime()))")
  }

  func end(_ saved: SavedOutput?) {}
}
