/// Why a text is not a TOML document, and where.
public struct TOMLError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A place in a text.
  public struct Position: Equatable, Sendable {
    /// The line, from 1.
    public let line: Int
    /// The character on the line, from 1; a character is a Unicode scalar value.
    public let column: Int
  }

  /// Where the text is wrong; nil if it has a NUL or is not UTF-8.
  public let position: Position?
  /// Why the text was refused.
  public let reason: String

  /// An error about the bytes as a whole.
  init(_ reason: String) {
    position = nil
    self.reason = reason
  }

  /// An error at an offset of a text that is UTF-8.
  init(_ reason: String, at offset: Int, of text: [UInt8]) {
    let before = text[..<offset]
    position = Position(
      line: 1 + before.count { $0 == newline },
      // Each scalar has one byte that is not a continuation byte.
      column: 1 + before.reversed().prefix { $0 != newline }.count { $0 & 0xC0 != 0x80 })
    self.reason = reason
  }

  /// The error as text.
  public var description: String {
    guard let position else { return reason }
    return "line \(position.line): column \(position.column): \(reason)"
  }
}
