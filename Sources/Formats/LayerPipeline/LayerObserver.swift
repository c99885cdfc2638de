import ImageModel

/// Is told the progress of the layers of a save.
///
/// The calls come from one thread, for two layers at a time and about twice for each mebibyte; they must return soon. A
/// layer that fails is not finished.
public protocol LayerObserver: Sendable {
  /// The layer is about to be written.
  func started(_ layer: Layer)
  /// More bytes of the layer's uncompressed tar have been written, or compressed and written.
  func advanced(_ layer: Layer, by count: Int)
  /// All of the layer has been written.
  func finished(_ layer: Layer)
}
