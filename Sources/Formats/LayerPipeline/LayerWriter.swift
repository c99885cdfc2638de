import Diagnostics

/// Receives layers from a pipeline; all calls come from the thread that runs the pipeline.
public protocol LayerWriter: AnyObject {
  /// Called before the first chunk of the layer with this number.
  func begin(_ number: Int) throws(Failure)
  /// Called with the next chunk of the layer.
  func take(_ chunk: Chunk, of number: Int) throws(Failure)
  /// Called after the last chunk, once the layer is verified; `size` is the length of its stream in bytes.
  func end(_ number: Int, size: UInt64) throws(Failure)
}
