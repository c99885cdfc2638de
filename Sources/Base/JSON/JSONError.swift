/// Malformed JSON: where in the bytes, and why.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The offset of the offending byte, from the start of the text.
  public let offset: Int
  /// Why the text was refused.
  public let reason: String

  /// Creates an error for an offset.
  public init(offset: Int, reason: String) {
    self.offset = offset
    self.reason = reason
  }

  static func duplicateName(at offset: Int) -> JSONError {
    JSONError(offset: offset, reason: "duplicate member name")
  }

  /// The error as text.
  public var description: String { "\(reason) at byte \(offset)" }
}
