import Diagnostics
import Dispatch
import ImageModel

/// Copies layers as they are, and verifies them on the way.
///
/// Reading and writing happen on the caller's thread; hashing runs beside them over the same chunks.
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

  private lazy var chunks = (0..<6).map { _ in Chunk() }
  private let hashing = DispatchQueue(label: "img.hash", qos: .userInitiated)

  /// Copies one layer; `write` gets its bytes in order.
  ///
  /// - Throws: A ``Failure`` of the source or of `write`, or one that says that the layer is not the one its
  ///   image names. In each case bytes may have been written already.
  func copy(
    _ layer: ArchiveLayer, write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let check = LayerCheck(of: layer)
    let free = DispatchSemaphore(value: chunks.count)
    // Whatever happens, no chunk may still be hashed when the next layer fills it.
    defer { hashing.sync {} }
    var missing = layer.layer.size
    var next = 0
    let bytes = try layer.open()
    while true {
      free.wait()
      let chunk = chunks[next]
      next = (next + 1) % chunks.count
      let count: Int
      do {
        count = try layer.read(bytes, into: chunk.buffer)
      } catch {
        free.signal()
        throw error
      }
      hashing.async {
        check.update(UnsafeRawBufferPointer(rebasing: chunk.buffer[..<count]))
        free.signal()
      }
      // More than was promised must not go out: the space for it is taken.
      guard UInt64(count) <= missing else { break }
      missing -= UInt64(count)
      try write(UnsafeRawBufferPointer(rebasing: chunk.buffer[..<count]))
      if count < chunk.buffer.count { break }
    }
    hashing.sync {}
    try check.finish()
  }
}

extension ArchiveLayer {
  /// Opens the source; failures name the image.
  func open() throws(Failure) -> any LayerBytes {
    do {
      return try source.open()
    } catch {
      throw error.within(source.name)
    }
  }

  /// Reads from the source; failures name the image.
  func read(_ bytes: any LayerBytes, into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    do {
      return try bytes.read(into: buffer)
    } catch {
      throw error.within(source.name)
    }
  }
}
