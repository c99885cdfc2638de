import ImageModel

/// The layers in progress, each with a line at most once in an interval.
struct PacedLayers: Sendable {
  /// The nanoseconds between two lines of a layer.
  let interval: UInt64
  private var layers: [Layer: (progress: LayerProgress, lastLine: UInt64)] = [:]

  init(interval: UInt64) {
    self.interval = interval
  }

  /// Adds a layer that is opened now.
  mutating func start(_ layer: Layer, size: UInt64?, at time: UInt64) -> LayerProgress {
    let progress = LayerProgress(layer: layer, size: size, start: time)
    layers[layer] = (progress, time)
    return progress
  }

  /// Counts bytes of the layer; returns its progress if a line is due.
  mutating func advance(_ layer: Layer, by count: Int, at time: UInt64) -> LayerProgress? {
    layers[layer]?.progress.advance.count += UInt64(count)
    guard let known = layers[layer], time - known.lastLine >= interval else { return nil }
    layers[layer]?.lastLine = time
    return known.progress
  }

  /// Removes a layer that is complete; nil if it was not started.
  mutating func finish(_ layer: Layer) -> LayerProgress? {
    layers.removeValue(forKey: layer)?.progress
  }
}
