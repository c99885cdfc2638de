/// Writes JSON with exactly the bytes of Go's encoding/json: compact, HTML-safe, members in the order given.
///
/// Digests depend on these bytes. Escapes: `\"` `\\` `\n` `\r` `\t` `\b` `\f`, other controls as `\u00xx`,
/// `<` `>` `&` and U+2028/2029 as `\uXXXX`, an invalid UTF-8 byte as `\ufffd`; everything else as it is.
/// Source: Go 1.22, encoding/json, Marshal and Compact.
public struct JSONWriter: Sendable {
  /// The text written so far.
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// Starts an empty text.
  public init() {}

  /// Writes an object; the closure writes its members.
  public mutating func object<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
    try container(0x7B, 0x7D, body)
  }

  /// Writes an array; the closure writes its elements.
  public mutating func array<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
    try container(0x5B, 0x5D, body)
  }

  /// Writes a member name; its value is what is written next.
  public mutating func key(_ name: String) {
    string(name)
    bytes.append(0x3A)
    needsComma = false
  }

  /// Writes a member name given as bytes.
  public mutating func key(bytes name: [UInt8]) {
    string(bytes: name)
    bytes.append(0x3A)
    needsComma = false
  }

  /// Writes a string.
  public mutating func string(_ text: String) {
    string(bytes: Array(text.utf8))
  }

  /// Writes a string given as bytes that need not be UTF-8.
  public mutating func string(bytes text: [UInt8]) {
    separate()
    bytes.append(0x22)
    appendEscaped(text[...])
    bytes.append(0x22)
  }

  /// Writes an integer.
  public mutating func integer(_ value: some BinaryInteger) {
    separate()
    bytes += String(value).utf8
  }

  /// Writes `true` or `false`.
  public mutating func boolean(_ value: Bool) {
    separate()
    bytes += (value ? "true" : "false").utf8
  }

  /// Writes `null`.
  public mutating func null() {
    separate()
    bytes += "null".utf8
  }

  /// Writes a value as it was read: drops white space outside strings, escapes HTML-unsafe characters,
  /// keeps every other byte, whether or not it is UTF-8.
  public mutating func raw(_ value: JSONValue) {
    separate()
    appendCompacted(value.raw)
  }

  private mutating func container<E: Error>(
    _ start: UInt8, _ end: UInt8, _ body: (inout JSONWriter) throws(E) -> Void
  ) throws(E) {
    separate()
    bytes.append(start)
    needsComma = false
    try body(&self)
    bytes.append(end)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(0x2C) }
    needsComma = true
  }

  private mutating func appendEscaped(_ text: ArraySlice<UInt8>) {
    var position = text.startIndex
    while position < text.endIndex {
      let byte = text[position]
      switch byte {
      case 0x22, 0x5C: bytes += [0x5C, byte]
      case 0x08: bytes += [0x5C, 0x62]
      case 0x0C: bytes += [0x5C, 0x66]
      case 0x0A: bytes += [0x5C, 0x6E]
      case 0x0D: bytes += [0x5C, 0x72]
      case 0x09: bytes += [0x5C, 0x74]
      case 0x00..<0x20, 0x3C, 0x3E, 0x26: appendUnicodeEscape(UInt16(byte))
      case 0x20..<0x80: bytes.append(byte)
      default:
        let length = lengthOfUTF8Sequence(text, at: position)
        if length == 0 {
          appendUnicodeEscape(0xFFFD)
        } else if let separator = lineSeparator(text, at: position) {
          appendUnicodeEscape(separator)
        } else {
          bytes += text[position..<(position + length)]
        }
        position += max(length, 1)
        continue
      }
      position += 1
    }
  }

  private mutating func appendCompacted(_ text: ArraySlice<UInt8>) {
    var isInString = false
    var position = text.startIndex
    while position < text.endIndex {
      let byte = text[position]
      position += 1
      switch byte {
      case 0x22:
        isInString.toggle()
        bytes.append(byte)
      case 0x5C where isInString:
        bytes += [byte, text[position]]
        position += 1
      case 0x3C, 0x3E, 0x26: appendUnicodeEscape(UInt16(byte))
      case 0x20, 0x09, 0x0A, 0x0D:
        if isInString { bytes.append(byte) }
      case 0xE2:
        if let separator = lineSeparator(text, at: position - 1) {
          appendUnicodeEscape(separator)
          position += 2
        } else {
          bytes.append(byte)
        }
      default: bytes.append(byte)
      }
    }
  }

  /// U+2028 or U+2029 if one of them starts at a position.
  private func lineSeparator(_ text: ArraySlice<UInt8>, at start: Int) -> UInt16? {
    let character = text[start...].prefix(3)
    if character.elementsEqual([0xE2, 0x80, 0xA8]) { return 0x2028 }
    return character.elementsEqual([0xE2, 0x80, 0xA9]) ? 0x2029 : nil
  }

  private mutating func appendUnicodeEscape(_ unit: UInt16) {
    let digits = String(unit, radix: 16)
    bytes += "\\u".utf8
    bytes += repeatElement(0x30, count: 4 - digits.utf8.count)
    bytes += digits.utf8
  }
}
