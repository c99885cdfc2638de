import CZlib
import Diagnostics

/// Compresses blocks of a gzip member one by one, so that they can be compressed side by side.
///
/// Each block is primed with the 32 KiB before it and ends at a byte boundary (a sync flush), so that the
/// compressed blocks joined in order are one deflate stream whose bytes depend on the data and the level only.
/// Sources: RFC 1951, RFC 1952; the method is that of pigz.
public struct BlockDeflater: ~Copyable {
  /// How much of the data before a block primes its compression, in bytes.
  public static let historySize = 32 << 10

  private let stream: UnsafeMutablePointer<z_stream>

  /// Prepares to compress at a level from 1 (fast) to 9 (small).
  public init(level: Int) throws(Failure) {
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

  /// The most bytes that a block of a size can have after compression.
  public static func capacity(forBlockOf size: Int) -> Int {
    size + size >> 10 + 64
  }

  /// Compresses a block behind its history; returns the number of bytes written to the output.
  ///
  /// The output must have the ``capacity(forBlockOf:)`` of the block.
  public mutating func deflate(
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

/// What stands around the blocks of a gzip member.
public struct GzipFrame: Sendable {
  private var checksum: UInt = crc32(0, nil, 0)
  private var size: UInt64 = 0

  /// Starts a member without data.
  public init() {}

  /// The header, the same for every member: the bytes that containers/image writes.
  ///
  /// Its time is what Go's zero time becomes in 32 bits; the operating system is "unknown".
  public static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0x09, 0x6E, 0x88, 0, 0xFF]

  /// The checksum of a block, to be given to ``append(checksum:count:)`` in the order of the blocks.
  public static func checksum(of block: UnsafeRawBufferPointer) -> UInt {
    crc32_z(crc32(0, nil, 0), block.baseAddress?.assumingMemoryBound(to: UInt8.self), block.count)
  }

  /// Counts a block.
  public mutating func append(checksum: UInt, count: Int) {
    self.checksum = crc32_combine(self.checksum, checksum, count)
    size += UInt64(count)
  }

  /// The end of the member: an empty last block, the checksum, and the size modulo 2³².
  public var trailer: [UInt8] {
    let words = [UInt32(truncatingIfNeeded: checksum), UInt32(truncatingIfNeeded: size)]
    return [0x03, 0x00] + words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }
}
