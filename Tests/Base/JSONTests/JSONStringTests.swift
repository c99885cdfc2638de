import Testing

@testable import JSON

@Suite struct JSONStringTests {
  /// The reference is Swift's own decoder: bytes that it takes for one character are one sequence.
  @Test func sequencesAreThoseOfUTF8() {
    let leads: [UInt8] = [
      0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3,
      0xF4,
      0xF5, 0xFF,
    ]
    let others: [UInt8] = [0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
    var found = Set<Int>()
    for lead in leads {
      for second in others {
        for third in others {
          for fourth in [0x7F, 0x80, 0xBF, 0xC0] as [UInt8] {
            let bytes = [lead, second, third, fourth]
            for count in 1...4 {
              let text = bytes[..<count]
              let length = (1...count).first { String(validating: text[..<$0], as: UTF8.self) != nil } ?? 0
              #expect(lengthOfUTF8Sequence(text, at: 0) == length, "\(text)")
              found.insert(length)
            }
          }
        }
      }
    }
    #expect(found == [0, 1, 2, 3, 4])
  }

  /// Ordinary characters are skipped eight at a time: a fault may be at each place of the eight.
  @Test(arguments: 0..<20)
  func everyByteIsChecked(position: Int) throws {
    func quoted(_ byte: UInt8) -> [UInt8] {
      var text = [UInt8](repeating: 0x61, count: 22)
      (text[0], text[21]) = (0x22, 0x22)
      text[position + 1] = byte
      return text
    }
    for byte in [0x00, 0x0A, 0x1F] as [UInt8] {
      #expect(throws: JSONError(offset: position + 1, reason: "control character in a string")) {
        try JSONValue(parsing: quoted(byte), rules: .lenient)
      }
    }
    for byte in [0x80, 0xBF, 0xC2, 0xFF] as [UInt8] {
      #expect(throws: JSONError(offset: position + 1, reason: "invalid UTF-8 in a string")) {
        try JSONValue(parsing: quoted(byte))
      }
      let replaced = try JSONValue(parsing: quoted(byte), rules: .lenient).stringBytes
      #expect(replaced?[position...].prefix(3) == [0xEF, 0xBF, 0xBD])
    }
    for byte in [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F] as [UInt8] {
      #expect(try JSONValue(parsing: quoted(byte)).stringBytes == Array(quoted(byte)[1..<21]))
    }
  }

  @Test(
    arguments: [
      (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"), (#"\u0000\u0041\u00E9\u20ac"#, "\0Aé€"),
      (#"\ud83d\ude00\uD83D\uDE00"#, "😀😀"), (#"\ud800\udc00\udbff\udfff"#, "\u{10000}\u{10FFFF}"),
      (#"\ud7ff\ue000"#, "\u{D7FF}\u{E000}"),
      // Halves of a pair, each replaced.
      (#"\ud83d"#, "\u{FFFD}"), (#"\ud83dx"#, "\u{FFFD}x"), (#"\ud83d\n"#, "\u{FFFD}\n"),
      (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"), (#"\udc00\udc00"#, "\u{FFFD}\u{FFFD}"),
      (#"\ude00\ud83d"#, "\u{FFFD}\u{FFFD}"), (#"\ud83d\u0041"#, "\u{FFFD}A"),
      (#"\ud83d\udbff"#, "\u{FFFD}\u{FFFD}"),
      (#"\ud83d\ue000"#, "\u{FFFD}\u{E000}"), (#"\ud83d\\ude00"#, "\u{FFFD}\\ude00"),
    ])
  func escapesAreDecoded(text: String, meaning: String) throws {
    let value = try JSONValue(parsing: Array("\"\(text)\"".utf8))
    #expect(value.stringBytes == Array(meaning.utf8))
    #expect(value.withStringUTF8 { Array($0) } == Array(meaning.utf8))
    #expect(value.isString(utf8: Array(meaning.utf8)))
    #expect(!value.isString(utf8: Array(meaning.utf8.dropLast())))
  }

  /// Plain strings are compared without decoding them.
  @Test(arguments: [
    ("", true), ("a", true), ("12345678", true), ("\u{7F}", true), (#"\n"#, false), ("é", false),
    (#"12345678\n"#, false), ("12345678é", false),
  ])
  func plainStringsAreKnown(text: String, isPlain: Bool) throws {
    let value = try JSONValue(parsing: Array("\"\(text)\"".utf8))
    #expect(value.document.tokens[value.index].isPlain == isPlain)
  }

  @Test func stringsAreComparedInEveryForm() throws {
    for text in [#""key""#, #""k\u0065y""#] {
      let value = try JSONValue(parsing: Array(text.utf8))
      #expect(value.isString("key") && value.isString(utf8: Array("key".utf8)))
      #expect(value.withStringUTF8 { Array($0) } == Array("key".utf8))
      for other: StaticString in ["", "ke", "ley", "keys", "kez", "xey"] {
        #expect(!value.isString(other))
        #expect(!value.isString(utf8: Array("\(other)".utf8)))
      }
    }
    for text in ["3", "null", "[]", "true"] {
      let value = try JSONValue(parsing: Array(text.utf8))
      #expect(!value.isString("3") && !value.isString("") && !value.isString("null"))
      #expect(!value.isString(utf8: []) && !value.isString(utf8: Array(text.dropFirst().dropLast().utf8)))
      #expect(value.withStringUTF8 { $0.count } == nil)
      #expect(value.string == nil)
    }
  }
}
