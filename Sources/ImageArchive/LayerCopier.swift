import Diagnostics
import Digests
import Dispatch
import ImageModel
import Synchronization

/// Copies layers from their source to an output and verifies digest and size on the way.
///
/// Reading and writing happen here; hashing runs beside them on another thread, over the same chunks.
final class LayerCopier {
  /// A buffer that is filled and written by one thread and hashed by another, in this order.
  ///
  /// - Note: Unchecked, because who holds it changes hands through a queue and a semaphore.
  private final class Chunk: @unchecked Sendable {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LayerCopier.chunkSize, alignment: 4096)

    deinit {
      buffer.deallocate()
    }
  }

  /// The bytes that are read, hashed and written at a time: larger ones gain nothing.
  private static let chunkSize = 512 << 10

  private let chunks: [Chunk]
  private let hashing = DispatchQueue(label: "img.hash", qos: .userInitiated)

  init() {
    chunks = (0..<6).map { _ in Chunk() }
  }

  /// Copies one layer; `write` gets its bytes in order.
  ///
  /// - Throws: A ``Failure`` of the source or of `write`, or one that says that the layer is not the one its
  ///   image names. In each case bytes may have been written already.
  func copy(
    _ layer: ArchiveLayer, write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let hash = RunningHash()
    let free = DispatchSemaphore(value: chunks.count)
    // Whatever happens, no chunk may still be hashed when the next layer fills it.
    defer { hashing.sync {} }
    var total: UInt64 = 0
    var next = 0
    do throws(Failure) {
      let bytes = try layer.source.open()
      while true {
        free.wait()
        let chunk = chunks[next]
        next = (next + 1) % chunks.count
        let count: Int
        do {
          count = try bytes.read(into: chunk.buffer)
        } catch {
          free.signal()
          throw error
        }
        hashing.async {
          hash.state.withLock { $0.update(UnsafeRawBufferPointer(rebasing: chunk.buffer[..<count])) }
          free.signal()
        }
        total += UInt64(count)
        guard total <= layer.layer.size else { break }
        try write(UnsafeRawBufferPointer(rebasing: chunk.buffer[..<count]))
        if count < chunk.buffer.count { break }
      }
    } catch {
      throw error.within(layer.source.name)
    }
    hashing.sync {}
    try verify(layer, size: total, digest: hash.state.withLock { $0.digest() })
  }

  private func verify(_ layer: ArchiveLayer, size: UInt64, digest: Digest) throws(Failure) {
    guard size != layer.layer.size || digest != layer.layer.diffID else { return }
    let reason =
      size == layer.layer.size
      ? "digest mismatch: expected \(layer.layer.diffID), got \(digest)"
      : "size mismatch: expected \(layer.layer.size) bytes, got \(size < layer.layer.size ? "\(size)" : "more")"
    let cause = layer.source.diagnosis().map { "\($0) (\(reason))" } ?? reason
    throw Failure(.badData, layer.source.name, cause)
  }

  private final class RunningHash: Sendable {
    let state = Mutex(SHA256())
  }
}
