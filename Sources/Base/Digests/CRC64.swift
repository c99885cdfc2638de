/// A running CRC-64 as in tar-split records: ISO polynomial, reflected, complemented before and after.
///
/// Source: ISO 3309 generator x⁶⁴ + x⁴ + x³ + x + 1; Go's hash/crc64 with its ISO table.
public struct CRC64: Sendable {
  private var state = ~UInt64(0)

  /// Starts a checksum over no bytes.
  public init() {}

  /// Adds the bytes of a buffer.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var state = state
    CRC64.table.withUnsafeBufferPointer { table in
      for byte in bytes {
        state = table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ (state >> 8)
      }
    }
    self.state = state
  }

  /// The checksum of all bytes added so far.
  public var value: UInt64 { ~state }

  private static let table: [UInt64] = (0..<256).map { index in
    (0..<8).reduce(UInt64(index)) { crc, _ in
      crc & 1 == 1 ? (crc >> 1) ^ 0xD800_0000_0000_0000 : crc >> 1
    }
  }
}
