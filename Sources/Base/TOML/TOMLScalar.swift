/// Why a word is not a value.
struct TOMLWordError: Error {
  let reason: String
}

/// Reads a word: a truth value, a number, a date or a time.
func scalar(_ word: ArraySlice<UInt8>) throws(TOMLWordError) -> TOMLValue {
  if word.elementsEqual("true".utf8) { return .boolean(true) }
  if word.elementsEqual("false".utf8) { return .boolean(false) }
  if !TOMLDateTime.begins(word) { return try number(word) }
  guard let dateTime = TOMLDateTime(word) else { throw wrong(word, "is not a valid date or time") }
  return .dateTime(dateTime)
}

/// Reads a number.
///
/// Source: TOML 1.0, "Integer" and "Float".
private func number(_ word: ArraySlice<UInt8>) throws(TOMLWordError) -> TOMLValue {
  let hasSign = word.first == UInt8(ascii: "+") || word.first == UInt8(ascii: "-")
  let unsigned = word.dropFirst(hasSign ? 1 : 0)
  if unsigned.elementsEqual("nan".utf8) { return .float(.nan) }
  if unsigned.elementsEqual("inf".utf8) {
    return .float(word.first == UInt8(ascii: "-") ? -.infinity : .infinity)
  }
  guard let first = unsigned.first, isDigit(first) else { throw wrong(word, "is not a value") }
  if let radix = radix(of: word) { return try integer(word.dropFirst(2), radix, word) }
  if first == UInt8(ascii: "0"), let second = unsigned.dropFirst().first,
    isDigit(second) || second == underscore
  {
    throw wrong(word, "has a leading zero")
  }
  if unsigned.allSatisfy({ isDigit($0) || $0 == underscore }) { return try integer(unsigned, 10, word) }
  guard unsigned.allSatisfy({ isDigit($0) || "_.eE+-".utf8.contains($0) }),
    areBetweenDigits([underscore, UInt8(ascii: ".")], in: unsigned, radix: 10),
    let value = Double(withoutUnderscores(word))
  else { throw wrong(word, "is not a valid number") }
  return .float(value)
}

private func integer(
  _ digits: ArraySlice<UInt8>, _ radix: Int, _ word: ArraySlice<UInt8>
) throws(TOMLWordError) -> TOMLValue {
  guard !digits.isEmpty, digits.allSatisfy({ isDigit($0, radix) || $0 == underscore }),
    areBetweenDigits([underscore], in: digits, radix: radix)
  else { throw wrong(word, "is not a valid number") }
  guard let value = Int64(withoutUnderscores(radix == 10 ? word : digits), radix: radix) else {
    throw wrong(word, "does not fit into 64 bits")
  }
  return .integer(value)
}

/// The base of an integer that is not decimal, by its first two characters.
private func radix(of word: ArraySlice<UInt8>) -> Int? {
  [("0x", 16), ("0o", 8), ("0b", 2)].first { word.starts(with: $0.0.utf8) }?.1
}

/// Whether each byte of some kinds is between two digits.
private func areBetweenDigits(_ kinds: [UInt8], in text: ArraySlice<UInt8>, radix: Int) -> Bool {
  text.indices.allSatisfy { index in
    !kinds.contains(text[index])
      || isDigit(text[..<index].last, radix) && isDigit(text[index...].dropFirst().first, radix)
  }
}

private func withoutUnderscores(_ text: ArraySlice<UInt8>) -> String {
  String(decoding: text.filter { $0 != underscore }, as: UTF8.self)
}

private func isDigit(_ byte: UInt8?, _ radix: Int) -> Bool {
  byte.flatMap(hexadecimalValue).map { $0 < radix } == true
}

private func wrong(_ word: ArraySlice<UInt8>, _ what: String) -> TOMLWordError {
  TOMLWordError(reason: "'\(String(decoding: word, as: UTF8.self))' \(what)")
}

private let underscore = UInt8(ascii: "_")
