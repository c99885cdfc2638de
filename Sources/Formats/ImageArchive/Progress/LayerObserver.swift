import ImageModel

/// Is told how far the layers of a save are.
///
/// The calls come from whichever threads work on the layers, for several layers at a time and about twice for each
/// mebibyte; they must return soon. A layer that fails is not finished.
public protocol LayerObserver: Sendable {
  /// The layer is open; nothing of it has been read yet.
  func started(_ layer: Layer)
  /// More bytes of the layer's uncompressed tar have been written, or compressed and written.
  func advanced(_ layer: Layer, by count: Int)
  /// All of the layer has been written.
  func finished(_ layer: Layer)
}
