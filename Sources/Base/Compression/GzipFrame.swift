import CZlib

#if ISAL
  import CISAL
#endif

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
    #if ISAL
      UInt(crc32_gzip_refl(0, block.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(block.count)))
    #else
      crc32_z(crc32(0, nil, 0), block.baseAddress?.assumingMemoryBound(to: UInt8.self), block.count)
    #endif
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
