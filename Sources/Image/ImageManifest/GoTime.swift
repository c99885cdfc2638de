/// A point in time as Go reads it from JSON and writes it again: RFC 3339, the offset kept.
///
/// Stricter than RFC 3339, as Go is since 1.20: capital `T` and `Z`, a point before the fraction, no leap second.
/// Source: Go 1.22, time, Time.UnmarshalJSON and MarshalJSON.
struct GoTime: Hashable, Sendable, CustomStringConvertible {
  /// The canonical text: no trailing zeros in the fraction, at most nine digits, `Z` for no offset.
  let description: String

  /// Go's zero time.
  static let zero = GoTime(description: "0001-01-01T00:00:00Z")

  private init(description: String) {
    self.description = description
  }

  /// Reads the bytes of an RFC 3339 time; nil for anything Go would refuse.
  init?(rfc3339 text: [UInt8]) {
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
