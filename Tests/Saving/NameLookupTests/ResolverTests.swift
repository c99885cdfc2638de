import ContainersStorage
import Diagnostics
import Foundation
import ImageModel
import ImageSource
import POSIX
import Testing

@testable import NameLookup

/// Records of a store's images, and the names that a shell completes.
@Suite struct ResolverTests {
  private let foo = "f437773035f7350ee6ef4fdb20ced9e808162735507f28b709fef3c8e9dcb2b7"

  private func id(_ digit: String) -> String { String(repeating: digit, count: 64) }

  private func resolver(_ store: FixtureStore, _ options: LookupOptions = .fixture()) throws -> Resolver {
    try Resolver(store.location(), options: options, onWait: { _ in })
  }

  private func store(_ names: String...) throws -> FixtureStore {
    let records = names.enumerated().map { index, names in
      #"{"id":"\#(id(String(index + 1, radix: 16)))","names":[\#(names)]}"#
    }
    return try FixtureStore(records: "[\(records.joined(separator: ","))]")
  }

  @Test func completionsAreWhatUsersType() throws {
    let resolver = try resolver(
      store(#""localhost/app:1","quay.io/ns/app:2""#, #""docker.io/library/app:1""#, ""))
    #expect(resolver.completions(of: "app").sorted() == ["app:1", "app:2"])
    #expect(resolver.completions(of: "quay") == ["quay.io/ns/app:2"])
    #expect(resolver.completions(of: "ns/") == ["ns/app:2"])
    #expect(resolver.completions(of: "pp") == [])
    // No prefix: names only.
    #expect(!resolver.completions(of: "").isEmpty)
    #expect(resolver.completions(of: "").allSatisfy { $0.contains(":") })
  }

  @Test func completionsOfIDsHaveTwelveDigitsAtLeast() throws {
    let resolver = try resolver(store("", "", ""))
    #expect(resolver.completions(of: "3") == [String(id("3").prefix(12))])
    #expect(resolver.completions(of: String(id("3").prefix(12))) == [String(id("3").prefix(12))])
    #expect(resolver.completions(of: String(id("3").prefix(13))) == [String(id("3").prefix(13))])
    #expect(resolver.completions(of: "4") == [] && resolver.completions(of: "3g") == [])
    #expect(resolver.completions(of: "A") == [])
  }

  @Test func anEmptyNameIsUsage() throws {
    let failure = #expect(throws: Failure.self) { try resolver(store("")).records(for: "") }
    #expect(failure == Failure(.usage, "", "the name is empty; is the variable set?"))
  }

  @Test func aRegistryIsNotRead() throws {
    let failure = #expect(throws: Failure.self) { try resolver(store("")).records(for: "docker://app:1") }
    #expect(
      failure == Failure(.usage, "docker://app:1", "not in the local store; give the name without docker://"))
    let other = #expect(throws: Failure.self) { try resolver(store("")).records(for: "docker:app") }
    #expect(other?.reason.contains("without docker://") == false)
  }

  /// A store that changes while it is read is read again, eight times.
  @Test(arguments: [
    (0, Failure.Kind.notFound), (1, .notFound), (7, .notFound), (8, .tryAgain), (20, .tryAgain),
  ])
  func aStoreThatChangesIsReadAgain(changes: Int, kind: Failure.Kind) throws {
    let store = try FixtureStore(records: "[]")
    let images = URL(filePath: store.root + "/overlay-images/images.json")
    let lookups = Lock(0)
    var options = LookupOptions.fixture()
    // Each lookup ends here, and a writer comes.
    options.hint = {
      let number = lookups.withLock { lookups in
        lookups += 1
        return lookups
      }
      let text = "[\(String(repeating: " ", count: number))]"
      if number <= changes { try? Data(text.utf8).write(to: images) }
      return nil
    }
    let resolver = try resolver(store, options)
    let failure = #expect(throws: Failure.self) { try resolver.records(for: "app") }
    #expect(failure?.kind == kind && failure?.subject == "app")
    if kind == .tryAgain { #expect(failure?.reason == "the store is being changed (image not known)") }
    // One more lookup: an image's own files have no lock.
    #expect(lookups.withLock { $0 } == min(changes, 7) + 2)
    // All names share the readings.
    guard kind == .tryAgain else { return }
    #expect(throws: Failure(.notFound, "other", "image not known")) { try resolver.records(for: "other") }
    #expect(lookups.withLock { $0 } == 10)
  }

  /// So is one whose image is incomplete: its own files have no lock.
  @Test func anIncompleteImageIsReadAgain() throws {
    let store = try store(#""localhost/app:1""#)
    let images = URL(filePath: store.root + "/overlay-images/images.json")
    let records = try Data(contentsOf: images)
    #expect(throws: Failure.self) { try resolver(store).records(for: "app:1") }
    let steps = Lock(0)
    var options = LookupOptions.fixture()
    options.trace = { _ in
      let count = steps.withLock { steps in
        steps += 1
        return steps
      }
      try? (records + Data(String(repeating: " ", count: count).utf8)).write(to: images)
    }
    let failure = #expect(throws: Failure.self) { try resolver(store, options).records(for: "app:1") }
    #expect(failure?.kind == .tryAgain)
    #expect(failure?.reason.hasPrefix("the store is being changed (") == true)
  }

  @Test func otherStoresThatFailForAReasonAreNoNames() throws {
    let store = try FixtureStore("main")
    for (kind, isThrown) in [
      (Failure.Kind.noPermission, true), (.tryAgain, true), (.unavailable, false), (.badData, false),
    ] {
      let failure = Failure(kind, "/other", "for a reason")
      var options = LookupOptions.fixture()
      options.openStore = { _ throws(Failure) in throw failure }
      let found = #expect(throws: Failure.self) {
        try lookUpImage("containers-storage:[overlay@/other]x", in: store.snapshot(), options: options)
      }
      #expect((found == failure) == isThrown)
    }
  }

  @Test func aReferenceToTheStoreItselfOpensNoOther() throws {
    let store = try FixtureStore("main")
    let root = store.root
    for place in ["[\(root)]", "[overlay@\(root)]", "[overlay@\(root)/]", ""] {
      let found = try lookUpImage(
        "containers-storage:\(place)localhost/foo", in: store.snapshot(), options: .fixture())
      #expect(found.image.idText == foo)
    }
    // Another driver, another store, which cannot be opened here: the text is a name, and not a valid one.
    #expect(throws: Failure.self) {
      try lookUpImage(
        "containers-storage:[vfs@\(root)]localhost/foo", in: store.snapshot(), options: .fixture())
    }
  }

  /// Of an ID, three digits are enough.
  @Test func prefixesOfIDsInReferencesHaveThreeDigits() throws {
    let snapshot = try FixtureStore("main").snapshot()
    for (digits, isFound) in [(2, false), (3, true), (63, true), (64, true)] {
      let text = "containers-storage:@" + foo.prefix(digits)
      let found = try? lookUpImage(text, in: snapshot, options: .fixture())
      #expect((found?.image.idText == foo) == isFound, "\(digits)")
    }
  }

  @Test func aShortNameIsTheEndOfARepository() throws {
    // Others contain it, have another tag, or another platform's image.
    let store = try store(
      #""quay.io/a/myapp:1""#, #""quay.io/a/app2:1""#, #""quay.io/app/x:1""#, #""quay.io/a/app:2""#,
      #""quay.io/a/b/app:1""#)
    let found = try lookUpImage("app:1", in: store.snapshot(), options: .fixture())
    #expect(found.image.idText == id("5") && found.resolvedName == "quay.io/a/b/app:1")
    #expect(found.match == .repository)
    #expect(throws: Failure.self) { try lookUpImage("pp:1", in: store.snapshot(), options: .fixture()) }
  }

  @Test func aShortNamePassesOverOtherPlatformsAndDigests() throws {
    func items(_ architecture: String) -> [String: String] {
      [
        "manifest": #"{"schemaVersion":2,"config":{"digest":"config"}}"#,
        "config": #"{"os":"linux","architecture":"\#(architecture)"}"#,
      ]
    }
    let digest = "sha256:" + id("d")
    let store = try FixtureStore(
      records: #"""
        [{"id":"\#(id("1"))","names":["quay.io/a/app:1"]},
         {"id":"\#(id("2"))","digest":"\#(digest)","names":["quay.io/b/app:1"]}]
        """#, items: [id("1"): items("amd64"), id("2"): items("arm64")])
    let arm = Platform(os: "linux", architecture: "arm64")
    let found = try lookUpImage("app:1", in: store.snapshot(), options: .fixture(platform: arm))
    #expect(found.image.idText == id("2"))
    let byDigest = try lookUpImage("app@\(digest)", in: store.snapshot(), options: .fixture())
    #expect(byDigest.image.idText == id("2") && byDigest.resolvedName == "quay.io/b/app@\(digest)")
  }
}
