import ImageReference
import Testing

/// A name to which a tag, a digest or both are added.
struct VariantCase: Decodable, Sendable {
  struct Input: Decodable, Sendable {
    let name: String
    let tag: String?
    let digest: String?
  }

  let input: Input
  let string: Exact
}

/// A function by its original name, its argument, and whether it fails.
struct ComponentCase: Decodable, Sendable {
  let function: String
  let input: String
  let string: Exact?
  let tagged: Bool?
  let canonical: Bool?
  let error: Bool
}

@Suite struct VariantTests {
  @Test(
    arguments: try Fixture.cases("with-tag", count: 5, as: VariantCase.self)
      + Fixture.cases("with-digest", count: 4, as: VariantCase.self))
  func addsParts(_ row: VariantCase) throws {
    let bare = try ImageReference.parse(row.input.name)
    var one = bare
    if let tag = row.input.tag { one = try one.withTag(tag) }
    if let digest = row.input.digest { one = try one.withDigest(digest) }
    #expect(Exact(one.description) == row.string)
    var other = bare
    if let digest = row.input.digest { other = try other.withDigest(digest) }
    if let tag = row.input.tag { other = try other.withTag(tag) }
    #expect(other == one)
  }

  @Test(arguments: try Fixture.cases("misc-components", count: 4, as: ComponentCase.self))
  func refusesWrongParts(_ row: ComponentCase) throws {
    let busybox = try ImageReference.parseNormalized("busybox")
    switch row.function {
    case "ParseNormalizedNamed":
      let reference = try? ImageReference.parseNormalized(row.input)
      #expect((reference == nil) == row.error)
      #expect(exact(reference?.description) == row.string)
      #expect(reference.map { $0.tag != nil } == row.tagged)
      #expect(reference.map { $0.digest != nil } == row.canonical)
    case "WithTag(busybox)":
      #expect(row.error)
      #expect(throws: ReferenceError.invalidTag) { try busybox.withTag(row.input) }
    case "WithDigest(busybox)":
      #expect(row.error)
      #expect(throws: ReferenceError.invalidDigest) { try busybox.withDigest(row.input) }
    default: Issue.record("no such function: \(row.function)")
    }
  }

  @Test(arguments: [
    ("foo", "foo:latest", "foo"), ("foo:1", "foo:1", "foo"),
    ("foo@sha256:" + hex, "foo@sha256:" + hex, "foo@sha256:" + hex),
    ("x.io/foo:1@sha256:" + hex, "x.io/foo:1@sha256:" + hex, "x.io/foo@sha256:" + hex),
  ])
  func addsLatestAndDropsTags(input: String, latest: String, bare: String) throws {
    let reference = try ImageReference.parse(input)
    #expect(Exact(reference.taggedWithLatest.description) == Exact(latest))
    #expect(Exact(reference.withoutTag.description) == Exact(bare))
    #expect(reference.withoutTagIfDigested == (reference.digest == nil ? reference : reference.withoutTag))
  }
}

private let hex = String(repeating: "0123456789abcdef", count: 4)
