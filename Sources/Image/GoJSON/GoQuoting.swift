/// A text in double quotes with Go's escapes, as the verb `%q` prints it.
///
/// Escapes quotes, backslashes and all that is not printable, so the result is one line.
/// Source: strconv.Quote of Go.
public func goQuoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{07}": result += "\\a"
    case "\u{08}": result += "\\b"
    case "\u{0C}": result += "\\f"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case "\u{0B}": result += "\\v"
    case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
    case "\0"..<"\u{80}": result += "\\x" + hex(scalar, digits: 2)
    case "\u{80}"..<"\u{10000}": result += "\\u" + hex(scalar, digits: 4)
    default: result += "\\U" + hex(scalar, digits: 8)
    }
  }
  return result + "\""
}

/// Letters, marks, numbers, punctuation, symbols and the ASCII space: unicode.IsPrint of Go.
private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .spaceSeparator: scalar == " "
  case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
  default: true
  }
}

private func hex(_ scalar: Unicode.Scalar, digits: Int) -> String {
  let text = String(scalar.value, radix: 16)
  return String(repeating: "0", count: digits - text.utf8.count) + text
}
