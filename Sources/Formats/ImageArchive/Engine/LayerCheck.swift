import Diagnostics
import Digests
import Dispatch
import ImageModel
import Synchronization

/// Hashes a layer beside the work on it, and compares digest and size at the end.
///
/// One check serves one layer. Chunks are hashed in the order they are given.
final class LayerCheck: Sendable {
  private let layer: ArchiveLayer
  private let state = Mutex((hash: SHA256(), size: UInt64(0)))

  init(of layer: ArchiveLayer) {
    self.layer = layer
  }

  /// Adds the next bytes of the layer.
  func update(_ bytes: UnsafeRawBufferPointer) {
    state.withLock { state in
      state.hash.update(bytes)
      state.size += UInt64(bytes.count)
    }
  }

  /// Refuses a layer that is not the one its image names; says which files are to blame where that can be told.
  func finish() throws(Failure) {
    let (digest, size) = state.withLock { ($0.hash.digest(), $0.size) }
    let expected = layer.layer
    guard size != expected.size || digest != expected.diffID else { return }
    let reason =
      size == expected.size
      ? "digest mismatch: expected \(expected.diffID), got \(digest)"
      : "size mismatch: expected \(expected.size) bytes, got \(size < expected.size ? "\(size)" : "more")"
    let cause = layer.source.diagnosis().map { "\($0) (\(reason))" } ?? reason
    throw Failure(.badData, layer.source.name, cause)
  }
}
