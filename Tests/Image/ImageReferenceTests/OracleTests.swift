import GoJSON
import Testing

@testable import ImageReference

/// All answers of the original code to one input.
struct OracleCase: Decodable, Sendable {
  let input: String
  let parse: Parts
  let parseNormalizedNamed: Parts
  let parseDockerRef: Outcome
  let parseNamed: Outcome
  let normalizeName: Outcome
  let isShortName: Bool
  let isFullIdentifier: Bool
  let ociRefNameError: Exact?
}

/// An input that distribution/reference treats differently; the answer is the fork's.
struct ForkDifference: Decodable, Sendable {
  let input: String
  let function: String
  let imageFork: Parts
}

@Suite struct OracleTests {
  @Test(arguments: try Fixture.cases("reference", count: 282, as: OracleCase.self))
  func answersAsTheOriginal(_ row: OracleCase) {
    let input = row.input
    #expect(Parts { try ImageReference.parse(input) } == row.parse)
    #expect(Parts { try ImageReference.parseNormalized(input) } == row.parseNormalizedNamed)
    #expect(Outcome { try ImageReference.parseDockerReference(input) } == row.parseDockerRef)
    #expect(Outcome { try ImageReference.parseNamed(input) } == row.parseNamed)
    #expect(Outcome { try ImageReference.normalizedName(input) } == row.normalizeName)
    #expect(ImageReference.isShortName(input) == row.isShortName)
    #expect(Grammar.isIdentifier(Array(input.utf8)[...]) == row.isFullIdentifier)
    let refused = ImageReference.isValidOCIReferenceName(input) ? nil : Exact("Invalid image " + input)
    #expect(refused == row.ociRefNameError)
  }

  /// The text of the error is the input and the reason of `parse`.
  @Test(arguments: try Fixture.cases("reference", count: 282, as: OracleCase.self))
  func stripsTagsOfDigestedNames(_ row: OracleCase) throws {
    let outcome = Outcome { try ImageReference.parseStrippingTag(row.input) }
    if let reason = row.parse.error {
      #expect(outcome.error == Exact("parsing reference \(goQuoted(row.input)): \(reason)"))
    } else {
      let name = try #require(row.parse.name).description
      let digest = row.parse.digest.map { "@\($0)" }
      let tag = row.parse.tag.map { ":\($0)" }
      #expect(outcome.string == Exact(name + (digest ?? tag ?? "")))
    }
  }

  @Test(arguments: try Fixture.cases("fork-differences", count: 40, as: ForkDifference.self))
  func followsTheFork(_ row: ForkDifference) throws {
    switch row.function {
    case "parse": #expect(Parts { try ImageReference.parse(row.input) } == row.imageFork)
    case "parseNormalizedNamed":
      #expect(Parts { try ImageReference.parseNormalized(row.input) } == row.imageFork)
    default: Issue.record("no such function: \(row.function)")
    }
  }
}
