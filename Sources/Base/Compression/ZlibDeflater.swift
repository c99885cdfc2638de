import CZlib
import Diagnostics

/// Compresses blocks with zlib: at every level, the same bytes on every machine.
final class ZlibDeflater: BlockDeflater {
  /// zlib keeps a pointer to its stream, so the stream must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  /// Prepares to compress at a level from 1 (fast) to 9 (small).
  init(level: Int) throws(Failure) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    if img_deflate_init(stream, CInt(level), -15) != Z_OK {
      throw Failure(.internalError, "zlib", "cannot start to compress at level \(level)")
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func deflate(
    _ block: UnsafeRawBufferPointer, history: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int {
    deflateReset(stream)
    if history.count > 0 {
      let bytes = history.baseAddress?.assumingMemoryBound(to: UInt8.self)
      deflateSetDictionary(stream, bytes, UInt32(history.count))
    }
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: block.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(block.count)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(output.count)
    guard CZlib.deflate(stream, Z_SYNC_FLUSH) == Z_OK, stream.pointee.avail_in == 0,
      stream.pointee.avail_out > 0
    else { throw Failure(.internalError, "zlib", "cannot compress a block") }
    return output.count - Int(stream.pointee.avail_out)
  }
}
