extension JSONValue {
  /// Whether two values are equal: numbers by value, objects without the order of members, the last of several
  /// members of one name.
  public func equals(_ other: JSONValue) -> Bool {
    guard kind == other.kind else { return false }
    switch kind {
    case .null: return true
    case .boolean: return bool == other.bool
    case .string: return stringBytes == other.stringBytes
    case .number:
      if raw == other.raw { return true }
      guard let own = DecimalNumber(raw) else { return false }
      return own == DecimalNumber(other.raw)
    case .array:
      let (own, others) = (Array(elements), Array(other.elements))
      return own.count == others.count && zip(own, others).allSatisfy { $0.equals($1) }
    case .object:
      let (own, others) = (membersByName, other.membersByName)
      return own.count == others.count
        && own.allSatisfy { name, value in others[name].map { value.equals($0) } ?? false }
    }
  }

  /// The places where two numbers differ only beyond the precision of a Double, as paths such as `.a[2]`.
  ///
  /// Such a difference comes from a program that reads numbers as Doubles, as jq 1.6.
  public func roundedNumbers(in other: JSONValue, at path: String = "") -> [String] {
    guard kind == other.kind else { return [] }
    switch kind {
    case .number:
      let isRounded = !equals(other) && asDouble == other.asDouble && asDouble?.isFinite == true
      return isRounded ? [path] : []
    case .array:
      return zip(elements, other.elements).enumerated().flatMap { index, pair in
        pair.0.roundedNumbers(in: pair.1, at: "\(path)[\(index)]")
      }
    case .object:
      let others = other.membersByName
      return members.flatMap { key, value -> [String] in
        guard let name = key.stringBytes, let counterpart = others[name] else { return [] }
        let text = String(decoding: name, as: UTF8.self)
        return value.roundedNumbers(in: counterpart, at: path.isEmpty ? text : "\(path).\(text)")
      }
    default: return []
    }
  }

  /// The integer that a number is, also if it is written with a fraction or an exponent; nil outside Int64.
  public var integralValue: Int64? {
    guard kind == .number else { return nil }
    return int64 ?? DecimalNumber(raw)?.int64
  }

  private var asDouble: Double? { Double(String(decoding: raw, as: UTF8.self)) }

  private var membersByName: [[UInt8]: JSONValue] {
    var result: [[UInt8]: JSONValue] = [:]
    for (key, value) in members { result[key.stringBytes ?? []] = value }
    return result
  }
}

/// A number by its value: significant digits without zeros at either end, and a power of ten.
private struct DecimalNumber: Equatable {
  private var isNegative = false
  private var digits: [UInt8] = []
  private var exponent = 0

  /// Reads a JSON number; nil for an exponent that no Int holds.
  init?(_ text: ArraySlice<UInt8>) {
    var rest = text
    if rest.first == UInt8(ascii: "-") {
      isNegative = true
      rest = rest.dropFirst()
    }
    let mantissa = rest.prefix { $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }
    if mantissa.count < rest.count {
      guard let power = Int(String(decoding: rest.dropFirst(mantissa.count + 1), as: UTF8.self)),
        power.magnitude < 1 << 40
      else { return nil }
      exponent = power
    }
    let whole = mantissa.prefix { $0 != UInt8(ascii: ".") }
    let fraction = mantissa.dropFirst(whole.count + 1)
    exponent -= fraction.count
    digits = Array((whole + fraction).drop { $0 == 0x30 })
    while digits.last == 0x30 {
      digits.removeLast()
      exponent += 1
    }
    if digits.isEmpty { (isNegative, exponent) = (false, 0) }
  }

  var int64: Int64? {
    guard (0..<20).contains(exponent) else { return nil }
    let text = (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)
    return Int64((digits.isEmpty ? "0" : text) + String(repeating: "0", count: exponent))
  }
}
