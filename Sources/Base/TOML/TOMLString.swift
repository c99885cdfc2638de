/// Strings.
extension TOMLParser {
  /// Reads a string of any of the four forms.
  mutating func string(_ quote: UInt8) throws(TOMLError) -> String {
    peek(1) == quote && peek(2) == quote ? try lines(quote) : try line(quote)
  }

  /// Reads a string that ends on its line.
  mutating func line(_ quote: UInt8) throws(TOMLError) -> String {
    let start = position
    var text: [UInt8] = []
    position += 1
    while true {
      try plainText(until: quote, into: &text)
      switch peek() {
      case quote:
        position += 1
        return String(decoding: text, as: UTF8.self)
      case backslash: try escape(into: &text)
      default: throw error("string without an end", at: start)
      }
    }
  }

  /// Reads a string between three quotes.
  private mutating func lines(_ quote: UInt8) throws(TOMLError) -> String {
    let start = position
    var text: [UInt8] = []
    position += 3
    if let length = lengthOfNewline() { position += length }
    while true {
      try plainText(until: quote, into: &text)
      switch peek() {
      case quote:
        // Up to two quotes may precede the closing three.
        let first = position
        while position - first < 5, skip(quote) {}
        let count = position - first
        text += repeatElement(quote, count: count < 3 ? count : count - 3)
        if count >= 3 { return String(decoding: text, as: UTF8.self) }
      case backslash:
        if !skipEscapedNewline() { try escape(into: &text) }
      default:
        guard let length = lengthOfNewline() else { throw error("string without an end", at: start) }
        text += bytes[position..<(position + length)]
        position += length
      }
    }
  }

  /// Reads plain text: up to a quote, a newline, the end or, between double quotes, a backslash.
  private mutating func plainText(until quote: UInt8, into text: inout [UInt8]) throws(TOMLError) {
    let hasEscapes = quote == UInt8(ascii: "\"")
    let start = position
    skip { isText($0) && $0 != quote && !(hasEscapes && $0 == backslash) }
    text += bytes[start..<position]
    if let byte = peek(), !isText(byte), lengthOfNewline() == nil {
      throw error("control character in a string")
    }
  }

  /// Skips a backslash at the end of a line, and the blanks and newlines after it; returns whether there was
  /// one.
  private mutating func skipEscapedNewline() -> Bool {
    let start = position
    position += 1
    skipBlanks()
    guard lengthOfNewline() != nil else {
      position = start
      return false
    }
    while let length = lengthOfNewline() {
      position += length
      skipBlanks()
    }
    return true
  }

  /// Reads an escape sequence, or nothing if the backslash is the last byte: the string is then not closed.
  private mutating func escape(into text: inout [UInt8]) throws(TOMLError) {
    let start = position
    position += 1
    guard let letter = peek() else { return }
    position += 1
    switch letter {
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
    case backslash: text.append(backslash)
    case UInt8(ascii: "u"): text += try scalar(digits: 4, from: start)
    case UInt8(ascii: "U"): text += try scalar(digits: 8, from: start)
    default: throw error("unknown escape sequence", at: start)
    }
  }

  /// Reads the digits of an escape that began at an offset; returns its character in UTF-8.
  private mutating func scalar(digits: Int, from start: Int) throws(TOMLError) -> UTF8.EncodedScalar {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let byte = peek(), let digit = hexadecimalValue(byte) else {
        throw error("escape sequence of fewer than \(digits) hexadecimal digits", at: start)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    guard let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else {
      throw error("escape sequence of no Unicode character", at: start)
    }
    return encoded
  }
}
