import Foundation

/// Tables from the original libraries: results of their code, and their own test tables.
///
/// The copies omit members about older versions.
enum Fixture {
  struct WrongCount: Error {
    let name: String
    let found: Int
  }

  /// The cases of a table; fails unless it has exactly as many cases as the original.
  static func cases<Case: Decodable>(_ name: String, count: Int, as _: Case.Type = Case.self) throws -> [Case] {
    let cases = try JSONDecoder().decode([Case].self, from: data(name))
    guard cases.count == count, count > 0 else { throw WrongCount(name: name, found: cases.count) }
    return cases
  }

  static func data(_ name: String) throws -> Data {
    try Data(contentsOf: Bundle.module.bundleURL.appending(path: "Fixtures/\(name).json"))
  }
}
