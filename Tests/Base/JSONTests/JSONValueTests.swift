import Testing

@testable import JSON

private func parse(_ text: String, rules: JSONRules = .strict) throws -> JSONValue {
  try JSONValue(parsing: Array(text.utf8), rules: rules)
}

@Suite struct JSONValueTests {
  @Test func readsValuesOfEveryKind() throws {
    let value = try parse(#" {"a":[1,-2.5e+3,true,false,null,"x\n\u00e9\ud83d\ude00"], "b":{} , "c":[]} "#)
    #expect(value.kind == .object)
    let list = try #require(value["a"])
    let elements = Array(list.elements)
    #expect(elements.map(\.kind) == [.number, .number, .boolean, .boolean, .null, .string])
    #expect(elements[0].int64 == 1)
    #expect(elements[1].int64 == nil)
    #expect(String(decoding: elements[1].raw, as: UTF8.self) == "-2.5e+3")
    #expect(elements[2].bool == true)
    #expect(elements[3].bool == false)
    #expect(elements[5].string == "x\né😀")
    #expect(value.members.map { $0.key.string } == ["a", "b", "c"])
    #expect(value["b"]?.kind == .object)
    #expect(value["missing"] == nil)
    #expect(Array(value.elements).isEmpty)
  }

  @Test func rawBytesAreExact() throws {
    let value = try parse(#"{"k" : { "z" :1.50e+2, "a":[ ] } }"#)
    #expect(value["k"].map { String(decoding: $0.raw, as: UTF8.self) } == #"{ "z" :1.50e+2, "a":[ ] }"#)
  }

  @Test(arguments: [
    "", " ", "{", "}", "[", "[1", "[1,]", "[,1]", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, "nul",
    "truex", "01", "-", "1.", ".5", "1e", "1e+", "+1", "\"", "\"\u{1}\"", #""\x""#, #""\u12g4""#, #""\u12"#,
    "1 2", "{} x", "[1}", #"{"a":1]"#, "\u{FEFF}1", "'a'", "NaN", "[1 2]", "\u{1E}1",
  ])
  func refusesMalformedText(text: String) {
    #expect(throws: JSONError.self) { try parse(text) }
    #expect(throws: JSONError.self) { try parse(text, rules: .lenient) }
  }

  @Test(arguments: [
    #"{"a":1,"a":2}"#, #"{"a":1,"A":2}"#, #"{"a":1,"\u0061":2}"#, #"[{"x":{"id":1,"ID":2}}]"#,
  ])
  func refusesDuplicateKeysWhenStrict(text: String) throws {
    #expect(throws: JSONError.self) { try parse(text) }
    _ = try parse(text, rules: .lenient)
  }

  @Test func namesInMapsMayDifferInCase() throws {
    let value = try parse(#"{"x":{"id":1,"ID":2},"y":{"\u0069D":3,"b":4}}"#, rules: .strictWithMaps)
    #expect(value["x"]?["ID"]?.int64 == 2)
    #expect(throws: JSONError(offset: 13, reason: "duplicate member name")) {
      try value["x"]?.refuseNamesInSeveralCases()
    }
    try value["y"]?.refuseNamesInSeveralCases()
    try value.refuseNamesInSeveralCases()
    for text in [#"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#] {
      #expect(throws: JSONError.self) { try parse(text, rules: .strictWithMaps) }
    }
  }

  /// Few members are compared pairwise, more than 24 through a set.
  @Test(arguments: [1, 2, 23, 24, 25, 100])
  func refusesDuplicatesAmongAnyNumberOfKeys(count: Int) throws {
    func object(_ names: [String]) -> String { "{\(names.map { "\"\($0)\":0" }.joined(separator: ","))}" }
    let names = (0..<count).map { "k\($0)y" }
    for rules in [JSONRules.strict, .strictWithMaps] {
      #expect(try parse(object(names), rules: rules).members.map(\.key.string) == names)
      for repeated in [names[0], names[count / 2], names[count - 1]] {
        let escaped = repeated.replacing("k", with: #"\u006b"#)
        for again in [repeated, escaped] {
          #expect(throws: JSONError(offset: object(names).utf8.count, reason: "duplicate member name")) {
            try parse(object(names + [again]), rules: rules)
          }
        }
      }
    }
    let upper = names + [names[0].uppercased()]
    #expect(throws: JSONError.self) { try parse(object(upper)) }
    #expect(try parse(object(upper), rules: .strictWithMaps).members.map(\.key.string) == upper)
  }

  @Test func namesThatDifferInTheirFirstOrLastLetterAreNotTheSame() throws {
    let letters = "abcdefghijklmnopqrstuvwxyz"
    for names in [letters.map { "\($0)x" }, letters.map { "x\($0)" }, letters.map { "\\u0078\($0)" }] {
      for count in [2, 26] {
        let text = names.prefix(count).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(try Array(parse("{\(text)}").members).count == count)
      }
    }
  }

  @Test func lastDuplicateWinsWhenLenient() throws {
    let value = try parse(#"{"a":1,"b":0,"a":2,"B":3}"#, rules: .lenient)
    #expect(value["a"]?.int64 == 2)
    #expect(value.field("b")?.int64 == 3)
    #expect(value.field("Missing") == nil)
    #expect(try parse(#"{"MediaType":"x"}"#).field("mediaType")?.string == "x")
  }

  /// Results of Go 1.19 for the same objects, read into a struct with this field.
  @Test(arguments: [
    (#"{"ok":1,"OK":2}"#, 2), (#"{"OK":2,"ok":1}"#, 1), (#"{"Ok":1}"#, 1), (#"{"o\u212a":1}"#, 1),
    ("{\"o\u{212A}\":1}", 1), (#"{"ok":1,"oк":2}"#, 1), (#"{"ok2":1,"o":2}"#, nil), ("[1]", nil),
  ])
  func fieldsAreFoundAsGoFindsThem(text: String, found: Int64?) throws {
    #expect(try parse(text, rules: .lenient).field("ok")?.int64 == found)
  }

  @Test(arguments: [
    (#"{"layers":1,"layer\u017f":2}"#, 12), ("{\"\u{212A}\":1,\"k\":2}", 9), (#"{"a":1,"é":2,"A":3}"#, 14),
  ])
  func lettersThatFoldToASCIIAreNoOtherNames(text: String, offset: Int) throws {
    let error = JSONError(offset: offset, reason: "duplicate member name")
    #expect(throws: error) { try parse(text) }
    let value = try parse(text, rules: .strictWithMaps)
    #expect(throws: error) { try value.refuseNamesInSeveralCases() }
  }

  @Test func invalidUTF8IsRefusedOrReplaced() throws {
    let bytes: [UInt8] = [0x22, 0x61, 0xFF, 0xC3, 0x22]
    for rules in [JSONRules.strict, .strictWithMaps] {
      #expect(throws: JSONError(offset: 2, reason: "invalid UTF-8 in a string")) {
        try JSONValue(parsing: bytes, rules: rules)
      }
    }
    #expect(try JSONValue(parsing: bytes, rules: .lenient).string == "a\u{FFFD}\u{FFFD}")
    #expect(try parse(#""\ud800x\udc00""#).string == "\u{FFFD}x\u{FFFD}")
    #expect(try parse(#""\ud800\u0041""#).string == "\u{FFFD}A")
  }

  @Test func depthIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    for (rules, limit) in [(JSONRules.strict, 64), (.strictWithMaps, 64), (.lenient, 512)] {
      _ = try parse(nested(limit), rules: rules)
      #expect(throws: JSONError(offset: limit, reason: "nested too deeply")) {
        try parse(nested(limit + 1), rules: rules)
      }
    }
    #expect(throws: JSONError.self) { try parse(nested(1_000_000), rules: .lenient) }
  }

  @Test func integersKeepToInt64() throws {
    #expect(try parse("9223372036854775807").int64 == Int64.max)
    #expect(try parse("9223372036854775808").int64 == nil)
    #expect(try parse("-9223372036854775808").int64 == Int64.min)
    #expect(try parse("1e3").int64 == nil)
    #expect(try parse("1.0").int64 == nil)
  }

  @Test(arguments: [
    (#"{"a":1, x}"#, 8, "expected a member name"), (#"{x"#, 1, "expected a member name"),
    (#"{"a" 1}"#, 5, "expected a colon"), (#"{"a":1 "b"}"#, 7, "expected a comma or the end of the object"),
    ("[1 2]", 3, "expected a comma or the end of the array"),
    ("[1}", 2, "expected a comma or the end of the array"),
    ("", 0, "unexpected end"), ("[", 1, "unexpected end"), (#""a"#, 2, "unexpected end"),
    (#""\"#, 2, "unexpected end"), (#""\u12"#, 5, "unexpected end"), ("tru", 3, "unexpected end"),
    (#"["\x"]"#, 2, "invalid escape in a string"), (#"["\u12g4"]"#, 2, "invalid escape in a string"),
    ("[trux]", 1, "expected a value"), ("[falsy]", 1, "expected a value"), ("[nul]", 1, "expected a value"),
    ("[x]", 1, "expected a value"), ("[-]", 1, "expected a value"), ("[1.]", 1, "invalid number"),
    ("[1e]", 1, "invalid number"), ("[1e-]", 1, "invalid number"), ("1 2", 2, "data after the value"),
    ("01", 1, "data after the value"),
  ])
  func errorsNameTheOffsetAndTheReason(text: String, offset: Int, reason: String) {
    #expect(throws: JSONError(offset: offset, reason: reason)) { try parse(text) }
  }

  @Test func membersAreThoseOfTheObjectItself() throws {
    let list = Array(try parse(#"[{"a":{"b":1},"c":[]},"b",2,{},"d",3]"#).elements)
    #expect(list[0]["a"]?["b"]?.int64 == 1)
    #expect(list[0]["b"] == nil)
    #expect(list[3]["d"] == nil)
    #expect(list[1]["b"] == nil)
    #expect(list[0].members.map { $0.key.string } == ["a", "c"])
    #expect(list[3].members.map { $0.key.string } == [])
    let inner = try #require(list[0]["c"])
    #expect(Array(inner.elements).isEmpty)
    #expect(!inner.isNull)
  }

  @Test func sequencesOfValues() throws {
    var sequence = JSONSequence(Array("{\"a\":1}\n\u{1E}{\"a\":\n2}\n  [3] 4".utf8))
    var seen: [String] = []
    while let value = try sequence.next() { seen.append(String(decoding: value.raw, as: UTF8.self)) }
    #expect(seen == ["{\"a\":1}", "{\"a\":\n2}", "[3]", "4"])
    var broken = JSONSequence(Array("1 {".utf8))
    #expect(try broken.next()?.int64 == 1)
    #expect(throws: JSONError.self) { try broken.next() }
  }
}
