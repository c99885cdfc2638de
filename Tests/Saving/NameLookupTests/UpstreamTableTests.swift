import ContainersStorage
import ImageReference
import Testing

@testable import NameLookup

/// A row of a table with a resolved name; nil if the lookup fails.
struct NameCase: Decodable, Sendable {
  let input: String
  let resolvedName: String?
}

struct ResolveCase: Decodable, Sendable {
  let input: String
  let resolved: String?
}

struct TruncatedCase: Decodable, Sendable {
  let ids: [String]
  let input: String
  let id: String?
}

struct LocalCase: Decodable, Sendable {
  struct Config: Decodable, Sendable {
    let registries: [String]
    let aliases: [String: String]

    enum CodingKeys: String, CodingKey {
      case registries = "unqualified-search-registries"
      case aliases
    }
  }

  let config: Config
  let input: String
  let candidates: [String]
}

/// Tables of the original tests that use a store.
@Suite struct UpstreamTableTests {
  @Test(arguments: try Fixture.cases("libimage.lookup-image", count: 12, as: NameCase.self))
  func looksUpImages(_ row: NameCase) throws {
    let id = String(repeating: "5", count: 64)
    let digest = "sha256:" + String(repeating: "d", count: 64)
    let store = try FixtureStore(
      records: """
        [{"id":"\(id)","digest":"\(digest)","names":["quay.io/libpod/alpine:latest"]}]
        """, items: [id: ["manifest": "{}"]])
    let snapshot = try store.snapshot()
    let found = try? lookUpImage(
      row.input.replacing("{digest}", with: digest), in: snapshot, options: .fixture())
    #expect(found?.resolvedName == row.resolvedName?.replacing("{digest}", with: digest))
  }

  /// The tag as the command passes it: normalized, and never with a digest.
  @Test(arguments: try Fixture.cases("libimage.tag-then-lookup", count: 5, as: NameCase.self))
  func looksUpTags(_ row: NameCase) throws {
    let tag = try? ImageReference.normalizedName(row.input)
    guard let tag, tag.digest == nil else {
      #expect(row.resolvedName == nil)
      return
    }
    let id = String(repeating: "5", count: 64)
    let store = try FixtureStore(records: #"[{"id":"\#(id)","names":["\#(tag)"]}]"#)
    let snapshot = try store.snapshot()
    let found = try? lookUpImage(row.input, in: snapshot, options: .fixture())
    #expect(found?.resolvedName == row.resolvedName)
  }

  @Test(arguments: try Fixture.cases("storage.resolve-reference", count: 4, as: ResolveCase.self))
  func resolvesReferences(_ row: ResolveCase) throws {
    let id = String(repeating: "a", count: 64)
    let store = try FixtureStore(records: #"[{"id":"\#(id)","names":["docker.io/library/test:latest"]}]"#)
    let snapshot = try store.snapshot()
    let found = try? lookUpImage("containers-storage:" + row.input, in: snapshot, options: .fixture())
    #expect(found?.image.idText == row.resolved.map { _ in id })
    #expect(found.map { $0.match == .transport } != false)
  }

  @Test(arguments: try Fixture.cases("storage.truncated-id", count: 14, as: TruncatedCase.self))
  func completesIDs(_ row: TruncatedCase) throws {
    let records = row.ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
    let snapshot = try FixtureStore(records: "[\(records)]").snapshot()
    #expect(snapshot.image(matching: row.input)?.image.idText == row.id)
  }

  /// Our list also has docker.io, for short names only; the mode that forces it is omitted.
  @Test(arguments: try Fixture.cases("shortnames.resolve-locally", count: 5, as: LocalCase.self))
  func buildsCandidates(_ row: LocalCase) throws {
    let names = FixtureShortNames(registries: row.config.registries, aliases: row.config.aliases)
    let snapshot = try FixtureStore(records: "[]").snapshot()
    let lookup = Lookup(snapshot: snapshot, options: .fixture(shortNames: names))
    let candidates = try lookup.candidates(for: row.input).filter { $0.match != .dockerHub }
    #expect(candidates.map(\.name.description) == row.candidates)
  }
}
