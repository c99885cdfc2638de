/// A value of a TOML document.
public enum TOMLValue: Equatable, Sendable {
  /// A string of any of the four forms, escapes decoded.
  case string(String)
  /// An integer of any base.
  case integer(Int64)
  /// A floating-point number, an infinity or NaN.
  case float(Double)
  /// A truth value.
  case boolean(Bool)
  /// A date, a time, or both.
  case dateTime(TOMLDateTime)
  /// An array, or an array of `[[tables]]`; its elements may be of different kinds.
  case array([TOMLValue])
  /// A table, inline or not.
  case table(TOMLTable)

  /// The kind of the value as text, with its article.
  public var kind: String {
    switch self {
    case .string: "a string"
    case .integer: "an integer"
    case .float: "a floating-point number"
    case .boolean: "a boolean"
    case .dateTime: "a date or time"
    case .array: "an array"
    case .table: "a table"
    }
  }
}
