/// A date, a time, or both: checked, but kept as written.
///
/// Source: TOML 1.0, "Offset Date-Time" to "Local Time"; RFC 3339, section 5.6.
public struct TOMLDateTime: Equatable, Sendable {
  /// The four kinds of dates and times.
  public enum Kind: Sendable {
    /// A date and a time with an offset from UTC.
    case offsetDateTime
    /// A date and a time without a time zone.
    case localDateTime
    /// A date alone.
    case localDate
    /// A time alone.
    case localTime
  }

  /// Which parts there are.
  public let kind: Kind
  /// The text as written in the document.
  public let text: String

  /// Reads a word; nil if it is not a valid date or time.
  init?(_ word: ArraySlice<UInt8>) {
    guard let kind = kindOfDateTime(word) else { return nil }
    self.kind = kind
    text = String(decoding: word, as: UTF8.self)
  }

  /// Whether a word can only be a date or a time.
  static func begins(_ word: ArraySlice<UInt8>) -> Bool {
    beginsTime(word) || word.dropFirst(4).first == UInt8(ascii: "-") && word.prefix(4).allSatisfy(isDigit)
  }
}

private func beginsTime(_ word: ArraySlice<UInt8>) -> Bool {
  word.dropFirst(2).first == UInt8(ascii: ":")
}

private func kindOfDateTime(_ word: ArraySlice<UInt8>) -> TOMLDateTime.Kind? {
  var rest = word
  if beginsTime(word) { return takeTime(&rest) && rest.isEmpty ? .localTime : nil }
  guard takeDate(&rest) else { return nil }
  guard let separator = rest.popFirst() else { return .localDate }
  guard "Tt ".utf8.contains(separator), takeTime(&rest) else { return nil }
  guard let offset = rest.popFirst() else { return .localDateTime }
  if "+-".utf8.contains(offset) {
    guard let fields = takeFields("00:00", &rest), fields[0] < 24, fields[1] < 60 else { return nil }
  } else if !"Zz".utf8.contains(offset) {
    return nil
  }
  return rest.isEmpty ? .offsetDateTime : nil
}

private func takeDate(_ rest: inout ArraySlice<UInt8>) -> Bool {
  guard let fields = takeFields("0000-00-00", &rest) else { return false }
  let (year, month, day) = (fields[0], fields[1], fields[2])
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return days.indices.contains(month - 1) && (1...days[month - 1]).contains(day)
}

private func takeTime(_ rest: inout ArraySlice<UInt8>) -> Bool {
  // 60 is a leap second.
  guard let fields = takeFields("00:00:00", &rest), fields[0] < 24, fields[1] < 60, fields[2] <= 60 else {
    return false
  }
  guard rest.first == UInt8(ascii: ".") else { return true }
  let fraction = rest.dropFirst().prefix(while: isDigit)
  rest.removeFirst(1 + fraction.count)
  return !fraction.isEmpty
}

/// Takes numbers from the start of a word, in a form where each `0` is a digit; nil if it has another form.
private func takeFields(_ form: String, _ rest: inout ArraySlice<UInt8>) -> [Int]? {
  var fields: [Int] = []
  var field = 0
  for wanted in form.utf8 {
    guard let byte = rest.popFirst() else { return nil }
    if wanted == UInt8(ascii: "0") {
      guard isDigit(byte) else { return nil }
      field = field * 10 + Int(byte - UInt8(ascii: "0"))
    } else {
      guard byte == wanted else { return nil }
      fields.append(field)
      field = 0
    }
  }
  return fields + [field]
}
