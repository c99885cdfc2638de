import Digests
import ImageModel

/// The progress of a layer.
struct LayerProgress: Sendable {
  let layer: Layer
  /// The bytes read.
  var advance: Advance

  /// The progress of a layer that is opened now.
  init(layer: Layer, size: UInt64?, start: UInt64) {
    self.layer = layer
    advance = Advance(size: size, start: start)
  }

  /// The name of the layer in a line: a prefix of its digest.
  var name: String { String(layer.diffID.hex.prefix(12)) }
}
