import CZlib
import Diagnostics

/// Compresses with zlib: any level, and the same bytes on every machine.
public struct ZlibEngine: DeflateEngine {
  /// Creates the engine.
  public init() {}

  /// `zlib` and its version.
  public var name: String { "zlib \(String(cString: zlibVersion()))" }
  /// All of gzip's levels.
  public var levels: ClosedRange<Int> { GzipCodec.levels }

  /// A compressor at a level.
  public func encoder(level: Int) throws(Failure) -> any BlockEncoder { try ZlibEncoder(level: level) }
}

private final class ZlibEncoder: BlockEncoder {
  /// zlib keeps a pointer to its stream, so the stream must not move.
  private let stream: UnsafeMutablePointer<z_stream>

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

  func encode(
    _ block: UnsafeRawBufferPointer, history: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> EncodedBlock {
    let bytes = block.baseAddress?.assumingMemoryBound(to: UInt8.self)
    deflateReset(stream)
    if history.count > 0 {
      deflateSetDictionary(
        stream, history.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(history.count))
    }
    stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes)
    stream.pointee.avail_in = UInt32(block.count)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(output.count)
    guard deflate(stream, Z_SYNC_FLUSH) == Z_OK, stream.pointee.avail_in == 0, stream.pointee.avail_out > 0
    else { throw Failure(.internalError, "zlib", "cannot compress a block") }
    let checksum = crc32_z(crc32(0, nil, 0), bytes, block.count)
    return EncodedBlock(
      count: output.count - Int(stream.pointee.avail_out), checksum: UInt32(truncatingIfNeeded: checksum))
  }
}
