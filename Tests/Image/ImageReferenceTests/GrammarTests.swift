import Testing

@testable import ImageReference

/// A text, whether a pattern matches it, and its groups ("" for groups without a match).
struct PatternCase: Decodable, Sendable {
  let input: String
  let match: Bool
  let groups: [Exact]?

  var bytes: Bytes { Array(input.utf8)[...] }
}

struct InputCase: Decodable, Sendable {
  let input: String
}

@Suite struct GrammarTests {
  @Test(arguments: try Fixture.cases("regexp-domain", count: 13, as: PatternCase.self))
  func domains(_ row: PatternCase) {
    #expect(Grammar.isDomain(row.bytes) == row.match)
  }

  @Test(arguments: try Fixture.cases("regexp-identifier", count: 5, as: PatternCase.self))
  func identifiers(_ row: PatternCase) {
    #expect(Grammar.isIdentifier(row.bytes) == row.match)
  }

  @Test(arguments: try Fixture.cases("regexp-name", count: 41, as: PatternCase.self))
  func names(_ row: PatternCase) {
    let name = Grammar.name(row.bytes)
    #expect((name != nil) == row.match)
    if let groups = row.groups {
      #expect(name.map { [decoded($0.domain), decoded($0.path)] } == groups)
    }
  }

  @Test(arguments: try Fixture.cases("regexp-reference", count: 8, as: PatternCase.self))
  func references(_ row: PatternCase) {
    let parts = Grammar.reference(row.bytes)
    #expect((parts != nil) == row.match)
    if let groups = row.groups {
      let found = parts.map { parts in
        let name = row.bytes.prefix(parts.name.count)
        return [decoded(name), decoded(parts.tag ?? []), decoded(parts.digest ?? [])]
      }
      #expect(found == groups)
    }
  }

  /// The module lacks the original constructor of names: its check is this part of the grammar.
  @Test(arguments: try Fixture.cases("with-name-failure", count: 4, as: InputCase.self))
  func noNames(_ row: InputCase) {
    #expect(Grammar.name(Array(row.input.utf8)[...]) == nil)
    #expect(throws: ReferenceError.self) { try ImageReference.parse(row.input) }
  }

  private func decoded(_ bytes: Bytes) -> Exact {
    Exact(String(decoding: bytes, as: UTF8.self))
  }
}
