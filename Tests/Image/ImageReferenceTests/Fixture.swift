import Foundation

/// Truth tables of the original libraries: their own test tables, and the answers their code gave.
///
/// Left out is the table of FamiliarMatch: shortened names and patterns over them play no part in saving an
/// image, so the module has neither. For the same reason the members on familiar forms are not in the copies.
enum Fixture {
  struct WrongCount: Error {
    let name: String
    let found: Int
  }

  /// The cases of a table; fails unless there are exactly as many as the original has.
  static func cases<Case: Decodable>(_ name: String, count: Int, as _: Case.Type = Case.self) throws -> [Case] {
    let url = Bundle.module.bundleURL.appending(path: "Fixtures/\(name).json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
    guard cases.count == count, count > 0 else { throw WrongCount(name: name, found: cases.count) }
    return cases
  }
}

/// A text that equals another one only if all bytes do; String compares by canonical equivalence.
struct Exact: Equatable, CustomStringConvertible {
  let description: String

  init(_ text: String) {
    description = text
  }

  static func == (one: Exact, other: Exact) -> Bool {
    one.description.utf8.elementsEqual(other.description.utf8)
  }
}

extension Exact: ExpressibleByStringLiteral {
  init(stringLiteral text: String) {
    self.init(text)
  }
}

extension Exact: Decodable {
  init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }
}

func exact(_ text: String?) -> Exact? {
  text.map { Exact($0) }
}
