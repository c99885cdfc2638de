/// Reads a document of TOML 1.0 from its first byte to its last.
///
/// Recursive, but only as deep as ``depthLimit``. Source: TOML 1.0 and its ABNF.
struct TOMLParser {
  /// The limit of names in a key, and of nested arrays and inline tables together with the names that lead to
  /// them.
  static let depthLimit = 64

  let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Reads the document.
  mutating func document() throws(TOMLError) -> TOMLTable {
    if bytes.contains(0) { throw TOMLError("NUL byte in the file") }
    guard isUTF8(bytes) else { throw TOMLError("not UTF-8") }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    let root = OpenTable(.explicit)
    var table = root
    var depth = 0
    while position < bytes.count {
      skipBlanks()
      switch peek() {
      case nil, UInt8(ascii: "#"), newline, carriageReturn: break
      case UInt8(ascii: "["): (table, depth) = try header(of: root)
      default: try pair(in: table, depth: depth)
      }
      try endOfLine()
    }
    return root.closed
  }

  /// Reads a header; returns the table it opens, and its depth.
  private mutating func header(of root: OpenTable) throws(TOMLError) -> (OpenTable, depth: Int) {
    position += 1
    let isArray = skip("[")
    let key = try key(depth: isArray ? 1 : 0)
    guard skip("]"), !isArray || skip("]") else { throw error("expected '\(isArray ? "]]" : "]")'") }
    return (isArray ? try appended(key, to: root) : try opened(key, in: root), key.depth)
  }

  /// Reads a key and its value into a table.
  private mutating func pair(in table: OpenTable, depth: Int) throws(TOMLError) {
    let key = try key(depth: depth)
    let (table, name) = try place(of: key, in: table)
    guard skip("=") else { throw error("expected '='") }
    skipBlanks()
    table.add(name, .value(try value(depth: key.depth)))
  }

  private mutating func value(depth: Int) throws(TOMLError) -> TOMLValue {
    switch peek() {
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "{"): return .table(try inlineTable(depth: depth))
    case let quote? where isQuote(quote): return .string(try string(quote))
    default: return try word()
    }
  }

  private mutating func array(depth: Int) throws(TOMLError) -> [TOMLValue] {
    if depth > Self.depthLimit { throw error("more than \(Self.depthLimit) levels") }
    position += 1
    var elements: [TOMLValue] = []
    repeat {
      try skipLines()
      if peek() == UInt8(ascii: "]") { break }
      elements.append(try value(depth: depth))
      try skipLines()
    } while skip(",")
    guard skip("]") else { throw error("expected ']'") }
    return elements
  }

  private mutating func inlineTable(depth: Int) throws(TOMLError) -> TOMLTable {
    position += 1
    skipBlanks()
    let table = OpenTable(.explicit)
    if skip("}") { return table.closed }
    repeat {
      try pair(in: table, depth: depth)
      skipBlanks()
    } while skip(",")
    guard skip("}") else { throw error("expected '}'") }
    return table.closed
  }

  /// Reads a number, a date or a truth value.
  private mutating func word() throws(TOMLError) -> TOMLValue {
    let start = position
    skip(while: isWord)
    if position == start { throw error("expected a value") }
    // A date and a time may have a blank between them.
    let isDate = position - start == 10 && bytes[start + 4] == UInt8(ascii: "-")
    if isDate, peek() == UInt8(ascii: " "), let next = peek(1), isDigit(next) {
      position += 1
      skip(while: isWord)
    }
    do {
      return try scalar(bytes[start..<position])
    } catch {
      throw self.error(error.reason, at: start)
    }
  }
}

private func isUTF8(_ bytes: [UInt8]) -> Bool {
  (try? UTF8Span(validating: bytes.span)) != nil
}
