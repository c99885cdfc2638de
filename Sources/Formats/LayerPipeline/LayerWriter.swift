import Diagnostics

/// Takes the layers that a pipeline delivers; all calls come from the thread that runs the pipeline.
public protocol LayerWriter: AnyObject {
  /// The layer with this number is about to be delivered.
  func begin(_ number: Int) throws(Failure)
  /// The next chunk of the layer.
  func take(_ chunk: Chunk, of number: Int) throws(Failure)
  /// The layer has been delivered, and is the one that its image names; `size` is the length of its stream in bytes.
  func end(_ number: Int, size: UInt64) throws(Failure)
}
