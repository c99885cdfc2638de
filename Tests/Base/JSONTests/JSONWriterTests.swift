import Testing

@testable import JSON

@Suite struct JSONWriterTests {
  private func written(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    body(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func writesContainersInOrder() {
    let text = written { json in
      json.object { json in
        json.key("z")
        json.array { json in
          json.integer(1)
          json.null()
          json.boolean(true)
          json.object { _ in }
        }
        json.key("a")
        json.string("b")
      }
    }
    #expect(text == #"{"z":[1,null,true,{}],"a":"b"}"#)
  }

  static let escapes: [(String, String)] = [
    ("plain/é😀\u{7F}", "\"plain/é😀\u{7F}\""), ("<>&", #""\u003c\u003e\u0026""#),
    ("\u{2028}\u{2029}\u{2027}", "\"\\u2028\\u2029\u{2027}\""), ("\"\\\n\r\t", #""\"\\\n\r\t""#),
    ("\u{8}\u{c}\u{1}\u{1f}", #""\b\f\u0001\u001f""#),
  ]

  @Test(arguments: escapes)
  func escapesAsGoDoes(text: String, encoded: String) {
    #expect(written { $0.string(text) } == encoded)
  }

  @Test func everyControlCharacterIsEscaped() {
    let short: [UInt8: String] = [0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r"]
    for byte in UInt8(0)..<0x20 {
      let hex = String(byte, radix: 16)
      let escape = short[byte] ?? "\\u00" + (hex.utf8.count < 2 ? "0" : "") + hex
      #expect(written { $0.string(bytes: [byte]) } == "\"\(escape)\"")
    }
    #expect(written { $0.string(" !") } == "\" !\"")
  }

  /// The line separators, and characters of two bytes in common with them.
  @Test(arguments: [
    ("\u{2028}", #"\u2028"#), ("\u{2029}", #"\u2029"#), ("\u{2027}", "\u{2027}"), ("\u{202A}", "\u{202A}"),
    ("\u{2068}", "\u{2068}"), ("\u{1028}", "\u{1028}"), ("â", "â"),
  ])
  func lineSeparatorsAreEscapedWhereverTheyAre(text: String, encoded: String) throws {
    for (before, after) in [("", ""), ("a", ""), ("", "b"), ("é", "é")] {
      let wanted = "\"\(before)\(encoded)\(after)\""
      #expect(written { $0.string(before + text + after) } == wanted)
      let value = try JSONValue(parsing: Array("\"\(before)\(text)\(after)\"".utf8))
      #expect(written { $0.raw(value) } == wanted)
    }
  }

  @Test(arguments: [[0xE2], [0xE2, 0x80], [0xE2, 0xE2, 0x80, 0x80]] as [[UInt8]])
  func aPartOfALineSeparatorStaysInARawValue(part: [UInt8]) throws {
    let text = [0x22] + part + [0x22]
    var writer = JSONWriter()
    writer.raw(try JSONValue(parsing: text, rules: .lenient))
    #expect(writer.bytes == text)
  }

  @Test func keysMayBeBytes() {
    let text = written { json in
      json.object { json in
        json.key(bytes: Array("a".utf8))
        json.integer(1)
        json.key(bytes: [0xFF, 0x3C])
        json.array { json in
          json.boolean(false)
          json.string("")
        }
      }
    }
    #expect(text == #"{"a":1,"\ufffd\u003c":[false,""]}"#)
  }

  @Test func invalidBytesBecomeEscapedReplacements() {
    #expect(written { $0.string(bytes: [0x61, 0xFF, 0xE2, 0x80]) } == #""a\ufffd\ufffd\ufffd""#)
  }

  @Test func rawValuesAreCompactedAndKept() throws {
    let source: [UInt8] =
      Array("{ \"b\" : [ 1.50e+2 ,\n\t\"<a & b> \\\" \\/ ".utf8) + [0xFF, 0xE2, 0x80, 0xA8]
      + Array("\" ], \"b\":null}".utf8)
    let value = try JSONValue(parsing: source, rules: .lenient)
    var writer = JSONWriter()
    writer.raw(value)
    let expected: [UInt8] =
      Array(#"{"b":[1.50e+2,"\u003ca \u0026 b\u003e \" \/ "#.utf8) + [0xFF] + Array(#"\u2028"],"b":null}"#.utf8)
    #expect(writer.bytes == expected)
  }

  @Test func prettyPrintsWithoutChangingValues() throws {
    let value = try JSONValue(parsing: Array(#"{"a":[1.50,{"b":null}],"c":{},"d":[],"e":"<\u00e9>"}"#.utf8))
    let expected = """
      {
        "a": [
          1.50,
          {
            "b": null
          }
        ],
        "c": {},
        "d": [],
        "e": "<\\u00e9>"
      }
      """
    #expect(String(decoding: value.prettyPrinted, as: UTF8.self) == expected)
  }
}
