import Diagnostics

/// A text in double quotes for a message, like Go's `%q` for ordinary text.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    if scalar == "\"" || scalar == "\\" { result += "\\" }
    result.unicodeScalars.append(scalar)
  }
  return printable(result) + "\""
}

/// Whether a text is base64 of the standard alphabet, padded, without white space (RFC 4648, section 4).
func isBase64(_ text: [UInt8]) -> Bool {
  let padding = text.reversed().prefix { $0 == 0x3D }.count
  guard text.count.isMultiple(of: 4), padding <= 2 else { return false }
  return text.dropLast(padding).allSatisfy { byte in
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F: true
    default: false
    }
  }
}

extension Failure {
  /// Data that cannot be used; callers add what it belongs to.
  static func badData(_ reason: String) -> Failure {
    Failure(.badData, "", reason)
  }
}
