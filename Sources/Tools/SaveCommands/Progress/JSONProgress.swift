import Digests
import ImageModel
import JSON
import POSIX

/// Progress for programs: a JSON object at the start and end of a layer, and twice a second in between.
final class JSONProgress: ProgressRenderer {
  private let layers = Lock(PacedLayers(interval: 500_000_000))

  func started(_ layer: Layer, size: UInt64?) {
    let time = monotonicTime()
    layers.withLock { write("started", $0.start(layer, size: size, at: time)) }
  }

  func advanced(_ layer: Layer, by count: Int) {
    let time = monotonicTime()
    layers.withLock { layers in
      if let progress = layers.advance(layer, by: count, at: time) { write("advanced", progress) }
    }
  }

  func finished(_ layer: Layer) {
    layers.withLock { layers in
      if let progress = layers.finish(layer) { write("finished", progress) }
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
      if let size = progress.advance.size { json.integer(size) } else { json.null() }
    }
    writeToStandardError(String(decoding: json.bytes, as: UTF8.self) + "\n")
  }
}
