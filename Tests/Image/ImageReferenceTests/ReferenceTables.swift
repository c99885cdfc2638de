import Foundation

/// Truth tables of the original libraries: their own test tables, and answers of their code.
///
/// The table of FamiliarMatch is omitted: saving an image needs neither shortened names nor patterns over them,
/// so the module has neither. For the same reason the copies lack the members on familiar forms.
enum Fixture {
  struct WrongCount: Error {
    let name: String
    let found: Int
  }

  /// The cases of a table; fails unless there are as many as in the original.
  static func cases<Case: Decodable>(_ name: String, count: Int, as _: Case.Type = Case.self) throws -> [Case] {
    let url = Bundle.module.bundleURL.appending(path: "Fixtures/\(name).json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
    guard cases.count == count, count > 0 else { throw WrongCount(name: name, found: cases.count) }
    return cases
  }
}

/// A text compared by bytes; String compares by canonical equivalence.
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
