import TOML

/// TOML: an error names a position in the text, and a value that was read is written and read the same.
public func fuzzTOML(_ bytes: [UInt8]) {
  let table: TOMLTable
  do throws(TOMLError) {
    table = try TOMLTable(parsing: bytes)
  } catch {
    check(error, bytes)
    return
  }
  let text = document(table)
  do throws(TOMLError) {
    let again = try TOMLTable(parsing: Array(text.utf8))
    promise(document(again).utf8.elementsEqual(text.utf8), "what was written reads otherwise")
  } catch {
    // Arrays of tables count as levels once they are inline.
    promise(error.reason == "more than 64 levels", "what was written cannot be read: \(error)")
  }
  let commented = try? TOMLTable(parsing: bytes + Array("\n# \u{E9}".utf8))
  promise(
    commented.map { document($0).utf8.elementsEqual(text.utf8) } == true, "a comment changes the document")
}

private func check(_ error: TOMLError, _ bytes: [UInt8]) {
  guard let position = error.position else {
    promise(bytes.contains(0) || String(validating: bytes, as: UTF8.self) == nil, "an error without a place")
    return
  }
  let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  promise(lines.indices.contains(position.line - 1), "an error on a line that is not there")
  let line = String(decoding: lines[position.line - 1], as: UTF8.self)
  // An error at the end of a line is one column after its last character.
  promise((1...(line.unicodeScalars.count + 1)).contains(position.column), "an error outside of its line")
}

private func document(_ table: TOMLTable) -> String {
  table.members.map { "\(quoted($0.key)) = \(written($0.value))\n" }.joined()
}

private func written(_ value: TOMLValue) -> String {
  switch value {
  case .string(let text): quoted(text)
  case .integer(let number): "\(number)"
  case .float(let number): "\(number)"
  case .boolean(let truth): "\(truth)"
  case .dateTime(let dateTime): dateTime.text
  case .array(let elements): "[\(elements.map(written).joined(separator: ","))]"
  case .table(let table):
    "{\(table.members.map { "\(quoted($0.key))=\(written($0.value))" }.joined(separator: ","))}"
  }
}

private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    if scalar.value < 0x20 || scalar.value == 0x7F || scalar == "\"" || scalar == "\\" {
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
