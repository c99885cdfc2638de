import Diagnostics
import Digests
import ImageSource
import POSIX

/// Hashes a layer in parallel to other work on it, and compares digest and size at the end.
///
/// One check per layer. Chunks are hashed in the order of the calls.
final class LayerCheck: Sendable {
  private let stream: LayerStream
  private let state = Lock((hash: SHA256(), size: UInt64(0)))

  init(of stream: LayerStream) {
    self.stream = stream
  }

  /// Adds the next bytes of the layer.
  func update(_ bytes: UnsafeRawBufferPointer) {
    state.withLock { state in
      state.hash.update(bytes)
      state.size += UInt64(bytes.count)
    }
  }

  /// Refuses a layer that differs from the one in its image; names the damaged files if possible.
  ///
  /// - Returns: The number of bytes of the layer.
  func finish() throws(Failure) -> UInt64 {
    let (digest, size) = state.withLock { ($0.hash.digest(), $0.size) }
    let expected = stream.size ?? size
    guard size != expected || digest != stream.digest else { return size }
    let reason =
      size == expected
      ? "digest mismatch: expected \(stream.digest), got \(digest)"
      : "size mismatch: expected \(expected) bytes, got \(size < expected ? "\(size)" : "more")"
    let cause = stream.source.diagnosis().map { "\($0) (\(reason))" } ?? reason
    throw Failure(.badData, stream.source.name, cause)
  }
}
