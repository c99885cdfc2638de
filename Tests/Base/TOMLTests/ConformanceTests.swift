import Foundation
import JSON
import TOML
import Testing

/// toml-test, the test suite of the TOML project: TOML 1.0 documents and the values of the valid ones.
///
/// Source: https://github.com/toml-lang/toml-test; the folder has its LICENSE.
@Suite struct ConformanceTests {
  struct Document {
    let name: String
    let bytes: [UInt8]
    /// The meaning in tagged JSON.
    let meaning: JSONValue?
  }

  /// The documents of a folder; a valid one has a JSON file of the same name.
  static func documents(_ folder: String) throws -> [Document] {
    let suite = Bundle.module.bundleURL.appending(path: "Fixtures/toml-test/\(folder)")
    let files = try FileManager.default.subpathsOfDirectory(atPath: suite.path)
    return try files.filter { $0.hasSuffix(".toml") }.sorted().map { name in
      let file = suite.appending(path: name)
      let json = file.deletingPathExtension().appendingPathExtension("json")
      let meaning = FileManager.default.contents(atPath: json.path)
      return Document(
        name: name, bytes: Array(try Data(contentsOf: file)),
        meaning: try meaning.map { try JSONValue(parsing: Array($0), rules: .strictWithMaps) })
    }
  }

  @Test func validDocumentsHaveTheirMeaning() throws {
    let documents = try Self.documents("valid")
    #expect(documents.count == 210)
    for document in documents {
      let table = try TOMLTable(parsing: document.bytes)
      let meaning = try #require(document.meaning, "\(document.name)")
      #expect(means(.table(table), meaning), "\(document.name): \(table)")
    }
  }

  @Test func invalidDocumentsAreRefused() throws {
    let documents = try Self.documents("invalid")
    #expect(documents.count == 499)
    for document in documents {
      #expect(throws: TOMLError.self, "\(document.name)") { try TOMLTable(parsing: document.bytes) }
    }
  }

  @Test func aWrongMeaningIsSeen() throws {
    let table = try TOMLTable(parsing: Array("a = [1, {b = '2'}]".utf8))
    func means(_ json: String) throws -> Bool {
      try TOMLTests.means(.table(table), JSONValue(parsing: Array(json.utf8), rules: .strictWithMaps))
    }
    let one = #"{"type":"integer","value":"1"}"#
    #expect(try means(#"{"a":[\#(one),{"b":{"type":"string","value":"2"}}]}"#))
    for wrong in [
      "{}", #"{"a":[\#(one)]}"#, #"{"a":[\#(one),{}]}"#, #"{"a":[\#(one),{"b":\#(one)}]}"#,
      #"{"a":[{"type":"float","value":"1"},{"b":{"type":"string","value":"2"}}]}"#,
    ] {
      #expect(try !means(wrong), "\(wrong)")
    }
  }
}

/// Whether a value equals one in tagged JSON.
private func means(_ value: TOMLValue, _ meaning: JSONValue) -> Bool {
  switch value {
  case .table(let table):
    let wanted = Array(meaning.members)
    return meaning.kind == .object && wanted.count == table.members.count
      && wanted.allSatisfy { member in
        guard let key = member.key.string, let value = table[key] else { return false }
        return means(value, member.value)
      }
  case .array(let elements):
    let wanted = Array(meaning.elements)
    return meaning.kind == .array && wanted.count == elements.count
      && zip(elements, wanted).allSatisfy { means($0, $1) }
  default:
    guard let type = meaning["type"]?.string, let text = meaning["value"]?.string else { return false }
    return means(value, type, text)
  }
}

private func means(_ value: TOMLValue, _ type: String, _ text: String) -> Bool {
  switch value {
  case .string(let found): type == "string" && found.utf8.elementsEqual(text.utf8)
  case .integer(let found): type == "integer" && "\(found)" == text
  case .float(let found): type == "float" && Double(text).map { isSame(found, $0) } == true
  case .boolean(let found): type == "bool" && "\(found)" == text
  case .dateTime(let found): type == tag(found.kind) && plain(found.text) == plain(text)
  case .array, .table: false
  }
}

private func isSame(_ one: Double, _ other: Double) -> Bool {
  one.isNaN ? other.isNaN : one == other && one.sign == other.sign
}

private func tag(_ kind: TOMLDateTime.Kind) -> String {
  switch kind {
  case .offsetDateTime: "datetime"
  case .localDateTime: "datetime-local"
  case .localDate: "date-local"
  case .localTime: "time-local"
  }
}

/// A date and time in one spelling: `T`, `Z`, and no zeros at the end of a fraction.
private func plain(_ text: String) -> String {
  let text = text.uppercased().replacingOccurrences(of: " ", with: "T")
  return text.replacing(#/\.(\d*?)0*(?!\d)/#) { $0.1.isEmpty ? "" : ".\($0.1)" }
}
