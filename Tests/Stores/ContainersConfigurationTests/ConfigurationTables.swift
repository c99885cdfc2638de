import Foundation

/// Tables from the test suites of containers/image, recorded during their runs.
///
/// Omitted are tables for other modules: the grammar and splitting of short names (ImageReference), parsing and
/// resolving the text after a store specification, and truncated IDs (lookup in the store). From tables of
/// whole resolutions only the configuration is used: alias and search registries.
enum Fixture {
  struct WrongCount: Error {
    let name: String
    let found: Int
  }

  /// A table; fails unless it has exactly as many cases as the original.
  static func cases<Case: Decodable>(_ name: String, count: Int, as _: Case.Type = Case.self) throws -> [Case] {
    let cases = try value(name, as: [Case].self)
    guard cases.count == count else { throw WrongCount(name: name, found: cases.count) }
    return cases
  }

  static func value<Value: Decodable>(_ name: String, as _: Value.Type = Value.self) throws -> Value {
    let url = Bundle.module.bundleURL.appending(path: "Fixtures/\(name).json")
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: url))
  }
}

/// A registries.conf file of a table, and its text in TOML.
struct ConfigurationCase: Decodable {
  let file: String?
  let mode: String?
  let search: [String]?
  let aliases: [String: String]?

  enum CodingKeys: String, CodingKey {
    case file
    case mode = "short-name-mode"
    case search = "unqualified-search-registries"
    case aliases
  }

  var text: String {
    var lines: [String] = []
    if let mode { lines.append("short-name-mode = \"\(mode)\"") }
    if let search {
      lines.append("unqualified-search-registries = [\(search.map { "\"\($0)\"" }.joined(separator: ","))]")
    }
    if let aliases {
      lines.append("[aliases]")
      for (key, value) in aliases { lines.append("\"\(key)\" = \"\(value)\"") }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
