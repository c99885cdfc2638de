/// Finds what the TOML parser does not survive: a table header whose name begins with a byte that begins no name,
/// and a closing brace in an array.
///
/// The parser stops the process there instead of reporting an error. Only as much of the grammar is followed as it
/// takes to know such places; what is malformed before them is for the parser to report.
struct TOMLScreen {
  private let bytes: [UInt8]
  private var position = 0
  /// The brackets and braces that are open.
  private var open: [UInt8] = []
  private var isAtLineStart = true
  private var line = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The number of the line with such a place; nil if there is none.
  mutating func lineOfFatalError() -> Int? {
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        if byte == UInt8(ascii: "["), isAtLineStart, open.isEmpty {
          if isBrokenHeader() { return line }
          skipLine()
          continue
        }
        open.append(byte)
      case UInt8(ascii: "]"): _ = open.popLast()
      case UInt8(ascii: "}"):
        if open.popLast() == UInt8(ascii: "[") { return line }
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        skipString(byte)
        continue
      case UInt8(ascii: "#"):
        skipLine()
        continue
      case 0x0A:
        line += 1
        position += 1
        isAtLineStart = true
        continue
      case 0x20, 0x09, 0x0D:
        position += 1
        continue
      default: break
      }
      isAtLineStart = false
      position += 1
    }
    return nil
  }

  private func peek(_ distance: Int = 0) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  private func isBrokenHeader() -> Bool {
    var rest = bytes[(position + 1)...]
    if rest.first == UInt8(ascii: "[") { rest = rest.dropFirst() }
    guard let first = rest.first(where: { $0 != 0x20 && $0 != 0x09 }) else { return false }
    switch first {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "\""),
      UInt8(ascii: "'"), UInt8(ascii: "]"):
      return false
    default: return true
    }
  }

  private mutating func skipLine() {
    while let byte = peek(), byte != 0x0A { position += 1 }
  }

  /// Moves behind a string of any of the four spellings.
  private mutating func skipString(_ quote: UInt8) {
    isAtLineStart = false
    let isLong = peek(1) == quote && peek(2) == quote
    position += isLong ? 3 : 1
    while let byte = peek() {
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        if peek(1) == 0x0A { line += 1 }
        position += 2
        continue
      }
      if byte == 0x0A {
        if !isLong { return }
        line += 1
      }
      position += 1
      guard byte == quote else { continue }
      if !isLong { return }
      if peek() == quote, peek(1) == quote {
        position += 2
        // Up to two quotes may stand right before the closing three.
        while peek() == quote { position += 1 }
        return
      }
    }
  }
}
