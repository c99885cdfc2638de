import GoJSON
import Testing

@Suite struct GoQuotingTests {
  @Test(arguments: [
    ("foo\n", "foo\\n"), ("\"\\", "\\\"\\\\"), ("\u{7}\u{8}\u{C}\r\t\u{B}", "\\a\\b\\f\\r\\t\\v"),
    ("\0\u{1B}\u{7F}", "\\x00\\x1b\\x7f"), ("\u{85}\u{A0}\u{AD}\u{2028}", "\\u0085\\u00a0\\u00ad\\u2028"),
    ("\u{E000}\u{FEFF}", "\\ue000\\ufeff"), ("\u{E0001}\u{10FFFF}", "\\U000e0001\\U0010ffff"),
    ("é e\u{301} 猫 😀 \u{FFFD}", "é e\u{301} 猫 😀 \u{FFFD}"), ("\r\n", "\\r\\n"),
  ])
  func quotesAsGo(text: String, quoted: String) {
    #expect(Array(goQuoted(text).utf8) == Array("\"\(quoted)\"".utf8))
  }
}
