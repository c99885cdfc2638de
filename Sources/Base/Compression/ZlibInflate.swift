import CZlib
import Diagnostics

/// Decompresses with zlib.
final class ZlibInflate: InflateEngine {
  /// zlib keeps a pointer to its stream, so the stream must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  init() throws(Failure) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    if img_inflate_init(stream, 15 + 16) != Z_OK {
      throw Failure(.internalError, "zlib", "cannot start")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func begin() { inflateReset(stream) }

  func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(GzipDamage) -> InflateProgress {
    let bytes = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes)
    stream.pointee.avail_in = UInt32(input.count)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(output.count)
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    guard [Z_OK, Z_BUF_ERROR, Z_STREAM_END].contains(status) else {
      throw GzipDamage(stream.pointee.msg.map { String(cString: $0) } ?? "damaged")
    }
    return InflateProgress(
      consumed: input.count - Int(stream.pointee.avail_in),
      produced: output.count - Int(stream.pointee.avail_out), memberEnds: status == Z_STREAM_END)
  }
}
