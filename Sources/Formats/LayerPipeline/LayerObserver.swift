import ImageModel

/// Receives the progress of the layers of a save.
///
/// The calls come from one thread, for two layers at a time and about twice per mebibyte. They must return
/// quickly. `finished` is not called for a layer that fails.
public protocol LayerObserver: Sendable {
  /// Called before the layer is written.
  func started(_ layer: Layer)
  /// Called after more bytes of the layer's uncompressed tar were written, or compressed and written.
  func advanced(_ layer: Layer, by count: Int)
  /// Called after the whole layer was written.
  func finished(_ layer: Layer)
}
