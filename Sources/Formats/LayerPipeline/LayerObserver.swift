import ImageModel

/// Receives the progress of the layers of a save.
///
/// The calls come from one thread, for two layers at a time and about twice per mebibyte. They must return
/// quickly. `finished` is not called for a layer that fails.
public protocol LayerObserver: Sendable {
  /// Called before the layer is written; `size` is the number of bytes to read, nil if not known.
  func started(_ layer: Layer, size: UInt64?)
  /// Called after more bytes of the layer were written, or compressed and written.
  func advanced(_ layer: Layer, by count: Int)
  /// Called after the whole layer was written.
  func finished(_ layer: Layer)
}
