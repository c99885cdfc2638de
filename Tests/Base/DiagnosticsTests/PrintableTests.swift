import Diagnostics
import Testing

@Suite struct PrintableTests {
  @Test(
    arguments: [
      ("", ""), ("plain", "plain"), ("Grüß Gott 🎉", "Grüß Gott 🎉"), ("e\u{301}", "e\u{301}"),
      ("a\nb", "a\\nb"), ("a\r\nb", "a\\r\\nb"), ("\t", "\\t"), ("\0", "\\u{0}"),
      ("\u{1B}[31mred", "\\u{1b}[31mred"), ("\u{7F}", "\\u{7f}"),
      ("\u{80}\u{9B}\u{9F}\u{A0}", "\\u{80}\\u{9b}\\u{9f}\u{A0}"),
      ("\u{2027}\u{2028}\u{2029}\u{202A}", "\u{2027}\\u{2028}\\u{2029}\u{202A}"),
    ])
  func escapesWhatBreaksALineOrDrivesATerminal(text: String, shown: String) {
    #expect(Array(printable(text).utf8) == Array(shown.utf8))
    #expect(Array(printable(bytes: Array(text.utf8)).utf8) == Array(shown.utf8))
  }

  @Test(
    arguments: [
      ([0xE9], "\\xe9"), ([0x61, 0xFF, 0x0A], "a\\xff\\n"), ([0xC3, 0xA9, 0x80], "\\xc3\\xa9\\x80"),
      ([0x1B, 0xC0], "\\u{1b}\\xc0"),
    ] as [([UInt8], String)])
  func showsBytesThatAreNoText(bytes: [UInt8], shown: String) {
    #expect(printable(bytes: bytes) == shown)
  }

  @Test func noByteSequenceOfTwoLeavesAControlCharacter() {
    for first in UInt8.min...UInt8.max {
      for second in [0x00, 0x0A, 0x1B, 0x7F, 0x80, 0x9B, 0xFF] as [UInt8] {
        let text = printable(bytes: [first, second])
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
      }
    }
  }
}
