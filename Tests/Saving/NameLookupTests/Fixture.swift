import Foundation

/// Truth tables of the original libraries: the answers their code gave, and their own test tables.
///
/// Members on older versions are not in the copies.
enum Fixture {
  struct WrongCount: Error {
    let name: String
    let found: Int
  }

  /// The cases of a table; fails unless there are exactly as many as the original has.
  static func cases<Case: Decodable>(_ name: String, count: Int, as _: Case.Type = Case.self) throws -> [Case] {
    let cases = try JSONDecoder().decode([Case].self, from: data(name))
    guard cases.count == count, count > 0 else { throw WrongCount(name: name, found: cases.count) }
    return cases
  }

  static func data(_ name: String) throws -> Data {
    try Data(contentsOf: Bundle.module.bundleURL.appending(path: "Fixtures/\(name).json"))
  }
}
