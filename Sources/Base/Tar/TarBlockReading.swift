/// The fields of a header block that is read.
struct TarHeaderBlock {
  private let bytes: [UInt8]

  /// A block of ``TarHeader/blockSize`` bytes.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Whether all bytes are zero, as in the blocks at the end of an archive.
  var isZero: Bool { bytes.allSatisfy { $0 == 0 } }

  /// The type flag.
  var type: UInt8 { bytes[TarField.type.lowerBound] }

  /// Whether the checksum is right: the sum of all bytes, signed or unsigned, with its own field as spaces.
  ///
  /// The field itself, which no sum protects, must have nothing but octal digits, spaces and NULs.
  var hasValidChecksum: Bool {
    let field = bytes[TarField.checksum]
    guard field.allSatisfy({ (0x30...0x37).contains($0) || $0 == 0x20 || $0 == 0 }),
      let expected = number(TarField.checksum)
    else { return false }
    var unsigned: UInt64 = 0
    var signed: Int64 = 0
    for (index, byte) in bytes.enumerated() {
      let value = TarField.checksum.contains(index) ? 0x20 : byte
      unsigned += UInt64(value)
      signed += Int64(Int8(bitPattern: value))
    }
    return expected == unsigned || Int64(exactly: expected) == signed
  }

  /// The size of the data; nil unless it is a number below 2⁶³.
  var size: UInt64? { number(TarField.size) }

  /// The name, joined with the prefix of the formats that have one.
  var name: [UInt8] {
    let name = text(TarField.name)
    let prefix = prefixField.map(text) ?? []
    return prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
  }

  /// The target of a link.
  var linkTarget: [UInt8] { text(TarField.linkTarget) }

  /// Whether blocks of GNU's old sparse format follow the header.
  var isExtended: Bool { isGNU && bytes[TarField.isExtended] != 0 }

  /// Whether another such block follows this one.
  var isExtendedAgain: Bool { bytes[TarField.isExtendedAgain] != 0 }

  private var isGNU: Bool { bytes[TarField.magic].elementsEqual("ustar  \u{0}".utf8) }

  /// The field of the name's first part; nil in formats without one: v7, and GNU tar, which has times there.
  ///
  /// Source: Go's archive/tar, format.go, getFormat.
  private var prefixField: Range<Int>? {
    guard bytes[TarField.magic].starts(with: "ustar\u{0}".utf8) else { return nil }
    return bytes[TarField.starTrailer].elementsEqual("tar\u{0}".utf8) ? TarField.starPrefix : TarField.prefix
  }

  /// The bytes of a field before the first NUL.
  private func text(_ field: Range<Int>) -> [UInt8] { Array(bytes[field].prefix { $0 != 0 }) }

  private func number(_ field: Range<Int>) -> UInt64? { tarNumber(bytes[field]) }
}

/// Reads a number of a header: octal digits, or big-endian binary after a set first bit; nil unless below 2⁶³.
///
/// Spaces and NULs around the digits are skipped, and a field without digits is 0.
/// Source: Go's archive/tar, strconv.go, parseNumeric.
func tarNumber(_ field: ArraySlice<UInt8>) -> UInt64? {
  guard let first = field.first else { return 0 }
  if first & 0x80 != 0 {
    // The second bit is the sign.
    if first & 0x40 != 0 { return nil }
    return number([first & 0x3F] + field.dropFirst(), base: 256) { $0 }
  }
  let isFiller = { (byte: UInt8) in byte == 0 || byte == 0x20 }
  let digits = field.drop(while: isFiller).prefix { $0 != 0 }
  guard let last = digits.lastIndex(where: { $0 != 0x20 }) else { return 0 }
  return number(digits[...last], base: 8) { (0x30...0x37).contains($0) ? $0 - 0x30 : nil }
}

/// Reads decimal digits; nil for anything else, and from 2⁶³.
func tarDecimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
  if digits.isEmpty { return nil }
  return number(digits, base: 10) { (0x30...0x39).contains($0) ? $0 - 0x30 : nil }
}

private func number(
  _ digits: some Sequence<UInt8>, base: UInt64, value: (UInt8) -> UInt8?
) -> UInt64? {
  var result: UInt64 = 0
  for digit in digits {
    guard let digit = value(digit) else { return nil }
    let (product, overflow) = result.multipliedReportingOverflow(by: base)
    let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
    if overflow || carry || sum > UInt64(Int64.max) { return nil }
    result = sum
  }
  return result
}
