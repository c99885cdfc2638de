import ImageReference
import Testing

struct ShortNameCase: Decodable, Sendable {
  let input: String
  let short: Bool?
  let error: Bool
}

struct SplitCase: Decodable, Sendable {
  let input: String
  let repo: Exact
  let tagged: Bool
  let digested: Bool
}

@Suite struct LocalNameTests {
  @Test(arguments: try Fixture.cases("normalize-name", count: 6, as: StringCase.self))
  func completesNewNames(_ row: StringCase) {
    let outcome = Outcome { try ImageReference.normalizedName(row.input) }
    #expect((outcome.error != nil) == row.error)
    #expect(outcome.string == row.string)
  }

  @Test(arguments: try Fixture.cases("normalize-tagged-digested", count: 8, as: StringCase.self))
  func stripsTags(_ row: StringCase) {
    let outcome = Outcome { try ImageReference.parseStrippingTag(row.input) }
    #expect((outcome.error != nil) == row.error)
    #expect(outcome.string == row.string)
  }

  @Test(arguments: try Fixture.cases("is-short-name", count: 13, as: ShortNameCase.self))
  func tellsShortNames(_ row: ShortNameCase) {
    #expect(ImageReference.isShortName(row.input) == (row.short ?? false))
    #expect((Outcome { try ImageReference.parse(row.input) }.error != nil) == row.error)
  }

  @Test(arguments: try Fixture.cases("split-user-input", count: 6, as: SplitCase.self))
  func splits(_ row: SplitCase) throws {
    let reference = try ImageReference.parse(row.input)
    #expect(Exact(reference.name) == row.repo)
    #expect((reference.tag != nil) == row.tagged)
    #expect((reference.digest != nil) == row.digested)
  }

  @Test(arguments: ["foo__bar", "foo---bar", "foo:v1-", "foo:_x", "foo:1..2", "foo\n", "-", "é", "a/", "/a"])
  func refusesOCINames(_ name: String) {
    #expect(!ImageReference.isValidOCIReferenceName(name))
  }

  @Test(arguments: ["", "foo", "foo--bar", "a/b:c@d+e.f_g", "UPPER/Case", "1"])
  func takesOCINames(_ name: String) {
    #expect(ImageReference.isValidOCIReferenceName(name))
  }
}
