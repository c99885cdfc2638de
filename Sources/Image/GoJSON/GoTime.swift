import JSON

/// Go's `time.Time`, as Go reads and writes it in JSON: RFC 3339, keeping the offset.
///
/// Stricter than RFC 3339, like Go since 1.20: capital `T` and `Z`, a point before the fraction, no leap
/// second.
/// Source: Go 1.22, time, Time.UnmarshalJSON and MarshalJSON.
public struct GoTime: GoValue, Hashable, CustomStringConvertible {
  /// The canonical text: no trailing zeros in the fraction, at most nine digits, `Z` for no offset.
  public let description: String

  /// Go's zero time.
  public init() {
    description = "0001-01-01T00:00:00Z"
  }

  /// Reads the bytes of an RFC 3339 time; nil for anything that Go refuses.
  public init?(rfc3339 text: [UInt8]) {
    var scanner = Scanner(rest: text[...])
    guard let year = scanner.number(digits: 4), scanner.skip("-"),
      let month = scanner.number(digits: 2), (1...12).contains(month), scanner.skip("-"),
      let day = scanner.number(digits: 2), day >= 1, day <= GoTime.days(in: month, of: year), scanner.skip("T"),
      let hour = scanner.number(digits: 2), hour < 24, scanner.skip(":"),
      let minute = scanner.number(digits: 2), minute < 60, scanner.skip(":"),
      let second = scanner.number(digits: 2), second < 60
    else { return nil }
    var result = String(decoding: text.prefix(19), as: UTF8.self)
    if scanner.skip(".") {
      let digits = scanner.digits()
      guard !digits.isEmpty else { return nil }
      var fraction = digits.prefix(9)
      while fraction.last == 0x30 { fraction.removeLast() }
      if !fraction.isEmpty { result += "." + String(decoding: fraction, as: UTF8.self) }
    }
    if scanner.skip("Z") {
      result += "Z"
    } else {
      let offset = String(decoding: scanner.rest, as: UTF8.self)
      guard scanner.skip("+") || scanner.skip("-"),
        let hours = scanner.number(digits: 2), hours < 24, scanner.skip(":"),
        let minutes = scanner.number(digits: 2), minutes < 60
      else { return nil }
      result += hours == 0 && minutes == 0 ? "Z" : offset
    }
    guard scanner.rest.isEmpty else { return nil }
    description = result
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension GoTime {
  /// The name of the Go type.
  public static var goTypeName: String { "time.Time" }

  /// False: `omitempty` has no effect on times.
  public var isGoEmpty: Bool { false }

  /// Reads a JSON string in RFC 3339.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    guard let text = json.stringBytes else { throw .other("Time.UnmarshalJSON: input is not a JSON string") }
    guard let time = GoTime(rfc3339: text) else {
      let shown = goQuoted(String(decoding: text, as: UTF8.self))
      throw .other("parsing time \(shown) as \"2006-01-02T15:04:05Z07:00\": cannot parse")
    }
    self = time
  }

  /// Writes a JSON string.
  public func encodeGo(to json: inout JSONWriter) { json.string(description) }
}

/// Takes digits and separators from the front of a text.
private struct Scanner {
  var rest: ArraySlice<UInt8>

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, UInt32(first) == character.value else { return false }
    rest = rest.dropFirst()
    return true
  }

  mutating func digits() -> ArraySlice<UInt8> {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    rest = rest[digits.endIndex...]
    return digits
  }

  mutating func number(digits count: Int) -> Int? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    rest = rest.dropFirst(count)
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
