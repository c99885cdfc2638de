import CZlib

/// The bytes around the blocks of a gzip member (RFC 1952, 2.3).
public struct GzipFrame: CodecFrame {
  private var checksum: UInt = crc32(0, nil, 0)
  private var size: UInt64 = 0

  /// A member without data.
  public init() {}

  /// The header, the same for every member: the bytes that containers/image writes.
  ///
  /// Its time is Go's zero time cut to 32 bits; the operating system is "unknown".
  public var header: [UInt8] { [0x1F, 0x8B, 8, 0, 0, 0x09, 0x6E, 0x88, 0, 0xFF] }

  /// Adds the CRC-32 of a block and the number of its bytes.
  public mutating func append(checksum: UInt32, count: Int) {
    self.checksum = crc32_combine(self.checksum, UInt(checksum), count)
    size += UInt64(count)
  }

  /// The end of the member: an empty last block, the checksum, and the size modulo 2³².
  public var trailer: [UInt8] {
    let words = [UInt32(truncatingIfNeeded: checksum), UInt32(truncatingIfNeeded: size)]
    return [0x03, 0x00] + words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }
}
