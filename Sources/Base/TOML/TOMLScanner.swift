/// Single bytes, white space and comments.
extension TOMLParser {
  /// A byte at or after the position; nil at the end.
  func peek(_ distance: Int = 0) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  /// Skips a byte if it is next; returns whether it was.
  mutating func skip(_ wanted: UInt8) -> Bool {
    guard peek() == wanted else { return false }
    position += 1
    return true
  }

  mutating func skip(_ wanted: Unicode.Scalar) -> Bool {
    skip(UInt8(ascii: wanted))
  }

  /// Skips bytes of a kind.
  mutating func skip(while belongs: (UInt8) -> Bool) {
    while position < bytes.count, belongs(bytes[position]) { position += 1 }
  }

  mutating func skipBlanks() {
    skip(while: isBlank)
  }

  /// The number of bytes of the newline that is next, if one is.
  func lengthOfNewline() -> Int? {
    if peek() == newline { return 1 }
    return peek() == carriageReturn && peek(1) == newline ? 2 : nil
  }

  /// Skips blanks, comments and ends of lines.
  mutating func skipLines() throws(TOMLError) {
    skipBlanks()
    while let byte = peek(), byte == UInt8(ascii: "#") || byte == newline || byte == carriageReturn {
      try endOfLine()
      skipBlanks()
    }
  }

  /// Skips the rest of a line, which may hold only a comment.
  mutating func endOfLine() throws(TOMLError) {
    skipBlanks()
    let hasComment = skip("#")
    if hasComment { skip(while: isText) }
    if position == bytes.count { return }
    guard let length = lengthOfNewline() else {
      throw error(hasComment ? "control character in a comment" : "expected the end of the line")
    }
    position += length
  }

  /// An error at an offset, by default at the current position.
  func error(_ reason: String, at offset: Int? = nil) -> TOMLError {
    TOMLError(reason, at: offset ?? position, of: bytes)
  }
}
