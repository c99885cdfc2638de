import Testing

@testable import JSON

@Suite struct JSONElementsTests {
  private func elements(_ text: String, limit: Int = 1000) throws(JSONError) -> [String] {
    var reader = JSONElements(Array(text.utf8), limit: limit)
    var result: [String] = []
    while let element = try reader.next() { result.append(String(decoding: element.raw, as: UTF8.self)) }
    #expect(try reader.next() == nil)
    return result
  }

  @Test(arguments: [
    ("", []), (" \n\u{1E}", []), ("1", ["1"]), ("1 2", ["1", "2"]), ("\u{1E}1\n\u{1E}2\n", ["1", "2"]),
    ("[]", []), ("[ ]\t[]", []), ("[1]", ["1"]), ("\r[ 1 , [2]\u{1E}]3[4]", ["1", "[2]", "3", "4"]),
    (#"{"a":[1]}"x"["]"]"#, [#"{"a":[1]}"#, #""x""#, #""]""#]), (#"{"a":1,"a":2}"#, [#"{"a":1,"a":2}"#]),
  ])
  func valuesAndElementsAreReadInOrder(text: String, expected: [String]) throws {
    #expect(try elements(text) == expected)
  }

  @Test func arraysAreCounted() throws {
    var reader = JSONElements(Array("1 [] [2,3] [] [4]".utf8), limit: 1000)
    var arrays: [Int] = []
    var empty: [Int] = []
    while try reader.next() != nil {
      arrays.append(reader.arrays)
      empty.append(reader.emptyArrays)
    }
    #expect(arrays == [0, 2, 2, 4])
    #expect(empty == [0, 1, 1, 2])
  }

  @Test(arguments: [
    ("[", 1, "unexpected end"), ("[1", 2, "unexpected end"), ("[1,", 3, "unexpected end"),
    ("[tr", 3, "unexpected end"), ("tr", 2, "unexpected end"), ("]", 0, "expected a value"),
    ("[,1]", 1, "expected a value"), ("[1,]", 3, "expected a value"),
    ("[1 2]", 3, "expected a comma or the end of the array"),
    ("[1}", 2, "expected a comma or the end of the array"),
  ])
  func malformedTextIsRefused(text: String, offset: Int, reason: String) {
    #expect(throws: JSONError(offset: offset, reason: reason)) { try elements(text) }
  }

  @Test func valuesAreBounded() throws {
    let longest = #""123""#
    #expect(try elements("\(longest) [\(longest),\(longest)]", limit: 5) == [longest, longest, longest])
    #expect(throws: JSONError(offset: 6, reason: "value too long")) { try elements(#"["1234"]"#, limit: 5) }
    // The limit is not the cause.
    #expect(throws: JSONError(offset: 1, reason: "expected a value")) { try elements(#"[x,"123"]"#, limit: 5) }
    #expect(throws: JSONError(offset: 5, reason: "unexpected end")) { try elements(#""1234"#, limit: 5) }
  }
}
