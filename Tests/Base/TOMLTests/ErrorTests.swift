import TOML
import Testing

/// The reasons and positions of errors.
@Suite struct ErrorTests {
  @Test(arguments: [
    ("a='b'\na='c'", 2, 1, "'a' is already defined as a string"),
    ("[a]\n[b]\n  [a]", 3, 4, "'a' is already defined as a table"),
    ("a={b=1}\n[a.c]", 2, 2, "'a' is already defined as an inline table"),
    ("[[a]]\n[a]", 2, 2, "'a' is already defined as an array of tables"),
    ("a=1979-13-01", 1, 3, "'1979-13-01' is not a valid date or time"),
    ("a = 01", 1, 5, "'01' has a leading zero"), ("a = True", 1, 5, "'True' is not a value"),
    ("a = 1.", 1, 5, "'1.' is not a valid number"),
    ("a = 9223372036854775808", 1, 5, "'9223372036854775808' does not fit into 64 bits"),
    ("a = é", 1, 5, "expected a value"), ("a = [1 2]", 1, 8, "expected ']'"), ("a 1", 1, 3, "expected '='"),
    ("a = {b = 1 c}", 1, 12, "expected '}'"), ("[a", 1, 3, "expected ']'"), ("[[a]", 1, 5, "expected ']]'"),
    ("a = 1\n\n [b] c", 3, 6, "expected the end of the line"), ("a = 1\r\n= 1", 2, 1, "expected a key"),
    ("a = '\n", 1, 5, "string without an end"), ("a = '''\n\n", 1, 5, "string without an end"),
    ("é = 1", 1, 1, "expected a key"), ("'é' = 'e\u{301}' x", 1, 12, "expected the end of the line"),
    ("a = \"\\q\"", 1, 6, "unknown escape sequence"),
    ("a = \"é\\ud800\"", 1, 7, "escape sequence of no Unicode character"),
    ("a = \"\\u12\"", 1, 6, "escape sequence of fewer than 4 hexadecimal digits"),
    ("a = \"\t\u{7f}\"", 1, 7, "control character in a string"),
    ("# \u{1}", 1, 3, "control character in a comment"),
    ("\u{FEFF}a", 1, 3, "expected '='"), ("a = 1234567890 1", 1, 16, "expected the end of the line"),
    ("a = 1979-05-2 1", 1, 5, "'1979-05-2' is not a valid date or time"),
    ("a = 1979-05-27 x", 1, 16, "expected the end of the line"),
    ("a = 1979-05-27 1", 1, 5, "'1979-05-27 1' is not a valid date or time"),
    ("a = '''x''''''", 1, 14, "expected the end of the line"), ("a.", 1, 3, "expected a key"),
    ("a = 0_1", 1, 5, "'0_1' has a leading zero"), ("a = 1_", 1, 5, "'1_' is not a valid number"),
    ("a = \"\\U0011000\"", 1, 6, "escape sequence of fewer than 8 hexadecimal digits"),
    ("a = \"\\U00110000\"", 1, 6, "escape sequence of no Unicode character"),
  ])
  func placeAndReason(text: String, line: Int, column: Int, reason: String) {
    let error = #expect(throws: TOMLError.self) { try parse(text) }
    #expect(error?.position?.line == line)
    #expect(error?.position?.column == column)
    #expect(error?.reason == reason)
    #expect(error?.description == "line \(line): column \(column): \(reason)")
  }

  @Test(arguments: [
    "a = '''\n\n'''\n# x\n[*]", "a = \"\"\"\\\n\"\"\"\n\r\n\n~", "a = [\n1, # x\n2\n\n~", "\n\n\n\na = '''\n\n",
  ])
  func theLineIsNamed(text: String) {
    let error = #expect(throws: TOMLError.self) { try parse(text) }
    #expect(error?.description.hasPrefix("line 5: ") == true)
  }

  @Test(arguments: [
    ("a\0", "NUL byte in the file"), ("# \0", "NUL byte in the file"), ("a = '\u{e9}'", "not UTF-8"),
    ("# \u{ff}", "not UTF-8"),
  ])
  func whatIsNoTextHasNoPlace(latin: String, reason: String) {
    let bytes = latin.unicodeScalars.map { UInt8($0.value) }
    let error = #expect(throws: TOMLError.self) { try TOMLTable(parsing: bytes) }
    #expect(error?.position == nil)
    #expect(error?.description == reason)
  }
}
