/// Replaces `$NAME` and `${NAME}` by the values of variables; an unset variable becomes the empty text.
///
/// Special names are those of a shell (`$1`, `$?`). A dollar sign before anything else is kept; `${}` and an
/// unclosed `${` are removed.
/// Source: Go's os.Expand.
func expandVariables(_ text: String, _ environment: [String: String]) -> String {
  var result: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "$"), let next = rest.first else {
      result.append(byte)
      continue
    }
    if next == UInt8(ascii: "{") {
      rest.removeFirst()
      guard let brace = rest.firstIndex(of: UInt8(ascii: "}")) else { continue }
      result += value(rest[..<brace], environment)
      rest = rest[(brace + 1)...]
    } else if isSpecial(next) {
      result += value(rest.prefix(1), environment)
      rest.removeFirst()
    } else {
      let name = rest.prefix(while: isWord)
      if name.isEmpty { result.append(byte) }
      result += value(name, environment)
      rest = rest.dropFirst(name.count)
    }
  }
  return String(decoding: result, as: UTF8.self)
}

private func value(_ name: ArraySlice<UInt8>, _ environment: [String: String]) -> String.UTF8View {
  (environment[String(decoding: name, as: UTF8.self)] ?? "").utf8
}

private func isSpecial(_ byte: UInt8) -> Bool {
  "*#$@!?-0123456789".utf8.contains(byte)
}

private func isWord(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
  default: false
  }
}
