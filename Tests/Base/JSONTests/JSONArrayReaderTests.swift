import Testing

@testable import JSON

@Suite struct JSONArrayReaderTests {
  private func elements(
    _ text: String, limit: Int = 1000, rules: JSONRules = .strict
  ) throws(JSONError) -> [String] {
    var reader = JSONArrayReader(Array(text.utf8), elementsOf: "e", limit: limit, rules: rules)
    var result: [String] = []
    while let element = try reader.next() { result.append(String(decoding: element.raw, as: UTF8.self)) }
    #expect(try reader.next() == nil)
    return result
  }

  @Test(arguments: [
    ("{}", []), (" { } ", []), (#"{"e":[]}"#, []), (#"{"e": [ ] , "x":1}"#, []), (#"{"e":1}"#, []),
    (#"{"e":null,"x":[2]}"#, []), (#"{"e":{"e":[1]}}"#, []), (#"{"x":{"e":[1]},"y":["e",[2]]}"#, []),
    (#"{"e":[1]}"#, ["1"]), ("\n{\t\"e\" : [ 1 ,\r{\"e\":[2]}\n, \"]\" ] }\n", ["1", #"{"e":[2]}"#, #""]""#]),
    (#"{"x":"\"e\":[0","e":[[1,[2]],null],"z":{"a":[{}]}}"#, ["[1,[2]]", "null"]), (#"{"\u0065":[1]}"#, ["1"]),
    (#"{"E":[1]}"#, []),
  ])
  func readsTheElementsOfTheMember(text: String, expected: [String]) throws {
    #expect(try elements(text) == expected)
  }

  @Test(arguments: [
    ("", 0, "unexpected end"), ("[]", 0, "expected an object"), ("{", 1, "unexpected end"),
    ("{}x", 2, "data after the value"), ("{1:2}", 1, "expected a member name"),
    (#"{"a" 1}"#, 5, "expected a colon"), (#"{"a":}"#, 5, "expected a value"),
    (#"{"a":1 "b":2}"#, 7, "expected a comma or the end of the object"), (#"{"a":1,}"#, 7, "expected a value"),
    (#"{"e":[1}"#, 7, "expected a comma or the end of the array"), (#"{"e":[1,]}"#, 8, "expected a value"),
    (#"{"e":[,1]}"#, 6, "expected a value"), (#"{"e":[1"#, 7, "unexpected end"),
    (#"{"e":[{"a":1,"a":2}]}"#, 13, "duplicate member name"), (#"{"e":[],"E":1}"#, 8, "duplicate member name"),
    (#"{"e":[1],"e":[2]}"#, 9, "duplicate member name"),
    (#"{"e":[1]]"#, 8, "expected a comma or the end of the object"), (#"{"e":[tr"#, 8, "unexpected end"),
    (#"{"a":tr"#, 7, "unexpected end"),
  ])
  func refusesMalformedText(text: String, offset: Int, reason: String) {
    #expect(throws: JSONError(offset: offset, reason: reason)) { try elements(text) }
  }

  @Test func theRulesApplyToTheObject() throws {
    let twice = #"{"e":[1],"E":[2],"e":[3]}"#
    #expect(try elements(twice, rules: .lenient) == ["1", "3"])
    #expect(try elements(#"{"e":[1],"E":[2]}"#, rules: .strictWithMaps) == ["1"])
    #expect(throws: JSONError.self) { try elements(twice, rules: .strictWithMaps) }
  }

  @Test func partsAreBounded() throws {
    let many = Array(repeating: #""12345678""#, count: 100)
    #expect(try elements(#"{"e":[\#(many.joined(separator: ","))]}"#, limit: 10).count == 100)
    #expect(throws: JSONError(offset: 6, reason: "value too long")) {
      try elements(#"{"e":["123456789"]}"#, limit: 10)
    }
    #expect(throws: JSONError(offset: 1, reason: "value too long")) {
      try elements(#"{"123456789":1}"#, limit: 10)
    }
    #expect(throws: JSONError(offset: 19, reason: "too long without the array")) {
      try elements(#"{"a":12345,"b":1234,"e":[]}"#, limit: 16)
    }
    #expect(try elements(#"{"a":12345,"b":1234,"e":[]}"#, limit: 17) == [])
    // The limit is not the cause.
    #expect(throws: JSONError(offset: 6, reason: "expected a value")) {
      try elements(#"{"e":[x,"12345678"]}"#, limit: 10)
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func manyElementsCostLinearTime() throws {
    let text = #"{"e":["# + String(repeating: "{},", count: 300_000) + "{}]}"
    var reader = JSONArrayReader(Array(text.utf8), elementsOf: "e", limit: 1 << 22)
    var count = 0
    while try reader.next() != nil { count += 1 }
    #expect(count == 300_001)
  }
}
