import Digests
import ImageModel
import JSON
import POSIX
import Synchronization

/// Progress for programs: a JSON object at the start and end of a layer, and twice a second in between.
final class JSONProgress: ProgressRenderer {
  private let layers = Mutex<[Layer: (progress: LayerProgress, lastLine: UInt64)]>([:])
  private static let interval: UInt64 = 500_000_000

  func started(_ layer: Layer) {
    let time = monotonicTime()
    let progress = LayerProgress(layer: layer, start: time)
    layers.withLock { layers in
      layers[layer] = (progress, time)
      write("started", progress)
    }
  }

  func advanced(_ layer: Layer, by count: Int) {
    let time = monotonicTime()
    layers.withLock { layers in
      layers[layer]?.progress.advance.count += UInt64(count)
      guard let known = layers[layer], time - known.lastLine >= JSONProgress.interval else { return }
      layers[layer]?.lastLine = time
      write("advanced", known.progress)
    }
  }

  func finished(_ layer: Layer) {
    layers.withLock { layers in
      if let known = layers.removeValue(forKey: layer) { write("finished", known.progress) }
    }
  }

  func end(_ saved: SavedOutput?) {}

  private func write(_ event: String, _ progress: LayerProgress) {
    var json = JSONWriter()
    json.object { json in
      json.key("event")
      json.string(event)
      json.key("layer")
      json.string(progress.layer.diffID.description)
      json.key("done")
      json.integer(progress.advance.count)
      json.key("size")
      if let size = progress.layer.size { json.integer(size) } else { json.null() }
    }
    writeToStandardError(String(decoding: json.bytes, as: UTF8.self) + "\n")
  }
}
