/// A meta record: the root and the extent of the database after one transaction.
///
/// A file has two, in pages 0 and 1; transactions write them in turn.
/// Source: bbolt internal/common/meta.go.
struct BoltMeta: Equatable {
  /// The length of a page header and a meta record in bytes.
  static let recordLength = 80
  /// The sizes of pages that are possible, in bytes.
  static let pageSizes = (0..<15).map { 1024 << $0 }

  /// The size of a page in bytes.
  let pageSize: Int
  /// The page of the root bucket.
  let root: UInt64
  /// The first page number that is not in use: the high-water mark.
  let end: UInt64
  /// The length of all pages in use, in bytes.
  let length: UInt64
  /// The number of the transaction.
  let transaction: UInt64

  /// Reads a page that starts with a meta record; nil if the record is invalid.
  init?(_ page: [UInt8]) {
    let bytes = page[...]
    guard bytes.count == BoltMeta.recordLength, bytes.integer(at: 16) == BoltMeta.magic,
      bytes.integer(at: 20) == 2 as UInt32,
      bytes.integer(at: 72) == fnv1a(bytes[16..<72]),
      let pageSize = BoltMeta.pageSizes.first(where: { $0 == bytes.integer(at: 24) as UInt32 })
    else { return nil }
    self.pageSize = pageSize
    root = bytes.integer(at: 32)
    end = bytes.integer(at: 56)
    transaction = bytes.integer(at: 64)
    let (length, overflow) = end.multipliedReportingOverflow(by: UInt64(pageSize))
    guard !overflow, length <= UInt64(Int64.max) else { return nil }
    self.length = length
  }

  /// Whether a page has the mark of a meta record in the other byte order.
  static func isSwapped(_ page: [UInt8]) -> Bool {
    page.count >= 20 && page[...].integer(at: 16) == magic.byteSwapped
  }

  private static let magic: UInt32 = 0xED0C_DAED
}

/// The hash FNV-1a of 64 bits.
private func fnv1a(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}

extension ArraySlice<UInt8> {
  /// The little-endian number at an offset from the start; the caller checks the bounds.
  func integer<Number: FixedWidthInteger & UnsignedInteger>(at offset: Int) -> Number {
    var number: Number = 0
    let first = startIndex + offset
    for index in 0..<(Number.bitWidth / 8) {
      number |= Number(truncatingIfNeeded: self[first + index]) << (8 * index)
    }
    return number
  }
}
