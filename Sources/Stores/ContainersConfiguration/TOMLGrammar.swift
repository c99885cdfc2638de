/// Holds a text against the grammar of TOML 1.0, before the parser sees it.
///
/// The parser, toml++, is built with its assertions: where it meets what it takes for impossible, a name in a header
/// that begins with `~`, a brace that closes a bracket, it stops the process instead of reporting an error. All its
/// assumptions hold for what is grammatical. So lines, keys, strings, arrays and inline tables are followed here; what
/// a number, a date or an escape sequence may look like, and what may be defined twice, is left to the parser.
struct TOMLGrammar {
  /// The names in a key and the arrays and tables in each other are no more than this, for the parser is recursive.
  static let depthLimit = 64

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  /// The number of names in the last header.
  private var headerDepth = 0
  /// Where comments are, in ascending order.
  private var comments: [Range<Int>] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The document without its comments, of which most configuration files consist: the parser takes its time for them.
  ///
  /// - Throws: A ``TOMLError`` for the first place that no TOML document can have.
  mutating func checkedText() throws(TOMLError) -> [UInt8] {
    try check()
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var end = 0
    for comment in comments {
      text += bytes[end..<comment.lowerBound]
      end = comment.upperBound
    }
    return text + bytes[end...]
  }

  private mutating func check() throws(TOMLError) {
    while peek() != nil {
      skipBlanks()
      switch peek() {
      case nil: return
      case UInt8(ascii: "#"), newline, carriageReturn: break
      case UInt8(ascii: "["): try header()
      default: try pair(depth: headerDepth)
      }
      try endOfLine()
    }
  }

  private mutating func header() throws(TOMLError) {
    position += 1
    let isArray = skip("[")
    headerDepth = try key(depth: isArray ? 1 : 0)
    try expect("]")
    if isArray { try expect("]") }
  }

  private mutating func pair(depth: Int) throws(TOMLError) {
    let depth = try key(depth: depth)
    try expect("=")
    skipBlanks()
    try value(depth: depth)
  }

  /// Moves behind a key and the blanks around it; returns the depth of what it names.
  private mutating func key(depth: Int) throws(TOMLError) -> Int {
    var depth = depth
    repeat {
      depth += 1
      if depth > Self.depthLimit { throw error("more than \(Self.depthLimit) levels") }
      skipBlanks()
      if let quote = peek(), isQuote(quote) {
        try line(quote)
      } else if skip(while: isBare) == 0 {
        throw unexpected("a key")
      }
      skipBlanks()
    } while skip(".")
    return depth
  }

  private mutating func value(depth: Int) throws(TOMLError) {
    switch peek() {
    case UInt8(ascii: "["): try array(depth: depth + 1)
    case UInt8(ascii: "{"): try inlineTable(depth: depth)
    case let quote? where isQuote(quote):
      if peek(1) == quote, peek(2) == quote { try lines(quote) } else { try line(quote) }
    default: try word()
    }
  }

  private mutating func array(depth: Int) throws(TOMLError) {
    if depth > Self.depthLimit { throw error("more than \(Self.depthLimit) levels") }
    position += 1
    repeat {
      try skipLines()
      if peek() == UInt8(ascii: "]") { break }
      try value(depth: depth)
      try skipLines()
    } while skip(",")
    try expect("]")
  }

  private mutating func inlineTable(depth: Int) throws(TOMLError) {
    position += 1
    skipBlanks()
    if skip("}") { return }
    repeat {
      try pair(depth: depth)
      skipBlanks()
    } while skip(",")
    try expect("}")
  }

  /// A number, a date or a truth value: their letters in any order.
  private mutating func word() throws(TOMLError) {
    let start = position
    if skip(while: isWord) == 0 { throw unexpected("a value") }
    // A date and a time may have a blank between them.
    let isDate = position - start == 10 && bytes[start + 4] == UInt8(ascii: "-")
    if isDate, peek() == UInt8(ascii: " "), let next = peek(1), isDigit(next) {
      position += 1
      _ = skip(while: isWord)
    }
  }
}

/// Strings.
extension TOMLGrammar {
  /// A string that ends on its line.
  private mutating func line(_ quote: UInt8) throws(TOMLError) {
    position += 1
    while let byte = peek(), byte != newline {
      position += 1
      if byte == quote { return }
      if byte == backslash, quote == UInt8(ascii: "\""), peek() != newline { position += 1 }
    }
    throw error("string without an end")
  }

  /// A string between three quotes.
  private mutating func lines(_ quote: UInt8) throws(TOMLError) {
    let start = line
    position += 3
    while let byte = peek() {
      position += 1
      if byte == newline { line += 1 }
      if byte == backslash, quote == UInt8(ascii: "\""), peek() != newline { position += 1 }
      guard byte == quote, peek() == quote, peek(1) == quote else { continue }
      position += 2
      // Up to two quotes may stand right before the closing three.
      for _ in 0..<2 where peek() == quote { position += 1 }
      return
    }
    line = start
    throw error("string without an end")
  }
}

/// What is between the values.
extension TOMLGrammar {
  private mutating func skipBlanks() {
    while peek() == UInt8(ascii: " ") || peek() == UInt8(ascii: "\t") { position += 1 }
  }

  /// Moves behind blanks, comments and ends of lines.
  private mutating func skipLines() throws(TOMLError) {
    skipBlanks()
    while let byte = peek(), byte == UInt8(ascii: "#") || byte == newline || byte == carriageReturn {
      try endOfLine()
      skipBlanks()
    }
  }

  /// Moves behind the rest of a line, in which nothing but a comment may be.
  private mutating func endOfLine() throws(TOMLError) {
    skipBlanks()
    let start = position
    if skip("#") {
      _ = skip { $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }
      comments.append(start..<position)
    }
    guard peek() != nil else { return }
    if peek() == carriageReturn, peek(1) == newline { position += 1 }
    guard peek() == newline else { throw unexpected("the end of the line") }
    position += 1
    line += 1
  }
}

/// Single bytes.
extension TOMLGrammar {
  private func peek(_ distance: Int = 0) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  private mutating func skip(_ wanted: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: wanted) else { return false }
    position += 1
    return true
  }

  /// Moves behind bytes of a kind; returns how many they were.
  private mutating func skip(while belongs: (UInt8) -> Bool) -> Int {
    let start = position
    while let byte = peek(), belongs(byte) { position += 1 }
    return position - start
  }

  private mutating func expect(_ wanted: Unicode.Scalar) throws(TOMLError) {
    skipBlanks()
    if !skip(wanted) { throw unexpected("'\(wanted)'") }
  }

  private func unexpected(_ wanted: String) -> TOMLError {
    error("expected \(wanted)")
  }

  private func error(_ reason: String) -> TOMLError {
    TOMLError(reason: "line \(line): \(reason)")
  }
}

private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
private let backslash = UInt8(ascii: "\\")

private func isQuote(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

/// Whether a byte may be in a name without quotes.
private func isBare(_ byte: UInt8) -> Bool {
  isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
}

/// Whether a byte may be in a number, a date or a truth value.
private func isWord(_ byte: UInt8) -> Bool {
  isBare(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
}
