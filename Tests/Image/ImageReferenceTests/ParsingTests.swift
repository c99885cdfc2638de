import ImageReference
import Testing

/// A reference and those parts that the table has, or an error.
struct ParsingCase: Decodable, Sendable {
  let input: String
  let name: Exact?
  let fullName: Exact?
  let domain: Exact?
  let path: Exact?
  let tag: Exact?
  let digest: Exact?
  let error: Exact?

  func check(_ parse: (String) throws -> ImageReference) throws {
    if let error {
      #expect(Outcome { try parse(input) }.error == error)
      return
    }
    let reference = try parse(input)
    if let name = name ?? fullName { #expect(Exact(reference.name) == name) }
    if let domain { #expect(Exact(reference.domain) == domain) }
    if let path { #expect(Exact(reference.path) == path) }
    #expect(exact(reference.tag) == tag)
    #expect(exact(reference.digest) == digest)
  }
}

/// A name before and after a function, or its refusal.
struct StringCase: Decodable, Sendable {
  let input: String
  let string: Exact?
  let digestOnly: Bool?
  let error: Bool?
}

struct ValidityCase: Decodable, Sendable {
  let input: String
  let valid: Bool
}

@Suite struct ParsingTests {
  @Test(arguments: try Fixture.cases("parse", count: 18, as: ParsingCase.self))
  func parses(_ row: ParsingCase) throws {
    try row.check(ImageReference.parse)
  }

  @Test(arguments: try Fixture.cases("domain-and-path", count: 4, as: ParsingCase.self))
  func splits(_ row: ParsingCase) throws {
    try row.check(ImageReference.parse)
  }

  /// The original table covers the JSON form of a reference, which is its text and has no API here.
  @Test(arguments: try Fixture.cases("serialization", count: 4, as: ParsingCase.self))
  func printsWhatItRead(_ row: ParsingCase) throws {
    try row.check(ImageReference.parse)
    let outcome = Outcome { try ImageReference.parse(row.input) }
    #expect(outcome.error == row.error)
    #expect(outcome.string == (row.error == nil ? Exact(row.input) : nil))
  }

  @Test(arguments: try Fixture.cases("normalized-split", count: 7, as: ParsingCase.self))
  func splitsNormalized(_ row: ParsingCase) throws {
    try row.check(ImageReference.parseNormalized)
  }

  @Test(arguments: try Fixture.cases("repository-info", count: 21, as: ParsingCase.self))
  func completes(_ row: ParsingCase) throws {
    try row.check(ImageReference.parseNormalized)
  }

  @Test(arguments: try Fixture.cases("parse-named", count: 5, as: ParsingCase.self))
  func parsesCanonical(_ row: ParsingCase) throws {
    try row.check(ImageReference.parseNamed)
  }

  @Test(arguments: try Fixture.cases("parse-docker-ref", count: 7, as: StringCase.self))
  func parsesDockerReferences(_ row: StringCase) throws {
    #expect(try Exact(ImageReference.parseDockerReference(row.input).description) == row.string)
  }

  /// The module lacks ParseAnyReference: only it accepts IDs, which are not names.
  @Test(arguments: try Fixture.cases("parse-any", count: 8, as: StringCase.self))
  func parsesAllButIdentifiers(_ row: StringCase) throws {
    let outcome = Outcome { try ImageReference.parseNormalized(row.input) }
    if row.digestOnly == true {
      #expect(
        outcome.error
          == Exact("invalid repository name (\(row.input)), cannot specify 64-byte hexadecimal strings"))
    } else {
      #expect(outcome.string == row.string)
    }
  }

  @Test(
    arguments: try Fixture.cases("validate-reference-name", count: 15, as: ValidityCase.self)
      + Fixture.cases("validate-remote-name", count: 14, as: ValidityCase.self))
  func validates(_ row: ValidityCase) {
    #expect((Outcome { try ImageReference.parseNormalized(row.input) }.error == nil) == row.valid)
  }
}
