import Testing

@testable import TarSplit

/// The reading of records as Go writes them, part by part.
@Suite struct CursorTests {
  /// Calls a closure with a cursor at the start of a text.
  private func reading<Value>(_ text: String, _ body: (inout Cursor) -> Value) -> Value {
    Array(text.utf8).withUnsafeBytes { bytes in
      var cursor = Cursor(bytes)
      return body(&cursor)
    }
  }

  @Test func aTextIsSkippedAsAWhole() {
    let steps = reading("abc") { cursor in
      [
        cursor.skip("b"), cursor.skip("abcd"), cursor.skip("ab"), cursor.skip("ab"), cursor.skip("c"),
        cursor.skip("c"),
      ]
    }
    #expect(steps == [false, false, true, false, true, false])
  }

  @Test func aTextEndsBeforeItsQuote() {
    let parts = reading(#"a"bc""d"#) { cursor in
      (0..<4).map { _ in cursor.textUpToQuote().map { String(decoding: $0, as: UTF8.self) } }
    }
    #expect(parts == ["a", "bc", "", nil])
    #expect(reading(#"a\"b""#) { $0.textUpToQuote() == nil })
    // An escape after the quote is none of the text.
    #expect(reading(#"a"\"#) { $0.textUpToQuote()?.count } == 1)
  }

  @Test(
    arguments: [
      ("0", 0), ("12", 12), ("7}", 7), ("", nil), ("}", nil), ("-1", nil), ("9223372036854775807", .max),
      ("9223372036854775808", nil), ("18446744073709551616", nil), ("99999999999999999999", nil),
    ] as [(String, Int64?)]) func numbersAreThoseOfInt64(text: String, number: Int64?)
  {
    #expect(reading(text) { $0.number() } == number.map { UInt64($0) })
  }

  @Test(arguments: [
    (#","position":0}"#, true), (#","position":12}"#, true), (#","position":}"#, false),
    (#","position":0"#, false),
    (#","position":0x}"#, false), (#"position":0}"#, false), ("}", false), ("0}", false), ("", false),
  ]) func aRecordEndsWithItsPosition(text: String, isRight: Bool) {
    #expect(reading(text) { $0.skipPosition() } == isRight)
  }
}

/// The end of a JSON object in text that comes in pieces.
@Suite struct FrameScannerTests {
  /// The length that is found if all of a text is there from some byte on.
  private func length(_ text: String, from first: Int) -> (length: Int?, isMalformed: Bool) {
    let bytes = Array(text.utf8)
    var scanner = FrameScanner()
    for count in first...bytes.count {
      let found = bytes.withUnsafeBytes { scanner.scan(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      if found != nil || scanner.isMalformed { return (found, scanner.isMalformed) }
    }
    return (nil, false)
  }

  @Test(arguments: [
    "{}", "{{}}", #"{"a":{"b":{}}}"#, #"{"}":"{"}"#, #"{"\"}":1}"#, #"{"\\":"}"}"#, #"{"a\\\"}":"\"{"}"#,
    #"{"":""}"#,
    #"{"é":"\u007d"}"#,
  ]) func theEndIsFoundWhateverPieceItIsIn(object: String) {
    let count = object.utf8.count
    for rest in ["", "}", "{}", "\"", "\\", " \n"] {
      for first in [0, 1, count / 2, count - 1, count] {
        #expect(length(object + rest, from: first).length == count, "\(object)\(rest) from \(first)")
      }
    }
    // Without its last byte, an object has no end.
    for first in [0, count / 2, count - 1] {
      #expect(length(String(object.dropLast()), from: first).length == nil)
    }
  }

  @Test(arguments: ["[]", "}", "\"{}\"", " {}", "0"]) func anythingElseIsMalformed(text: String) {
    #expect(length(text, from: 0) == (nil, true))
    #expect(length("", from: 0) == (nil, false), "nothing is there yet")
  }
}
