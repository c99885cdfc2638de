/// Escapes characters that could break a line or control a terminal.
///
/// C0 and C1 control characters, DEL, U+2028 and U+2029 become `\n`, `\t`, `\u{1b}` and the like; all other
/// text stays.
public func printable(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isControl) else { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    if isControl(scalar) {
      result += escape(scalar)
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// Bytes as text for a message; if they are not UTF-8, each byte above 0x7F becomes `\xNN`.
public func printable(bytes: some Sequence<UInt8>) -> String {
  let bytes = Array(bytes)
  if let text = String(validating: bytes, as: UTF8.self) { return printable(text) }
  var result = ""
  for byte in bytes {
    if byte < 0x80 {
      result += printable(String(UnicodeScalar(byte)))
    } else {
      result += "\\x" + String(byte, radix: 16)
    }
  }
  return result
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x2028...0x2029).contains(scalar.value)
}

private func escape(_ scalar: Unicode.Scalar) -> String {
  switch scalar {
  case "\n": "\\n"
  case "\r": "\\r"
  case "\t": "\\t"
  default: "\\u{\(String(scalar.value, radix: 16))}"
  }
}
