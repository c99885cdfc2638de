import Diagnostics
import ImageModel
import NameLookup
import Testing

/// The messages for unknown images: another platform, similar names, a hint about the store.
@Suite struct UnknownImageTests {
  private func failure(_ name: String, _ options: LookupOptions) throws -> Failure {
    let store = try FixtureStore("main")
    let resolver = try Resolver(store.location(), options: options, onWait: { _ in })
    return try #require(throws: Failure.self) { try resolver.records(for: name) }
  }

  private func options(_ platform: Platform? = nil) -> LookupOptions {
    var options = LookupOptions.fixture(platform: platform)
    options.hint = { "there is no store" }
    return options
  }

  @Test func anotherPlatformIsNamed() throws {
    let arm = options(Platform(os: "linux", architecture: "arm64"))
    #expect(
      try failure("foo", arm)
        == Failure(
          .notFound, "foo",
          "image not known for platform linux/arm64 (foo is for linux/amd64, not linux/arm64)"))
    #expect(try failure("fooo", arm).reason.contains("(did you mean "))
  }

  @Test func aListWithoutThePlatformSuggestsNoNames() throws {
    let failure = try failure("list:1", options(Platform(os: "linux", architecture: "riscv64")))
    #expect(failure.kind == .notFound)
    #expect(failure.reason == "image not known for platform linux/riscv64")
  }

  @Test func theHintFollowsIfNoNameIsSimilar() throws {
    #expect(
      try failure("nothing-like-it", options())
        == Failure(.notFound, "nothing-like-it", "image not known (there is no store)"))
    let transport = try failure("containers-storage:localhost/nothing-like-it", options())
    #expect(transport == Failure(.notFound, "", "image not known"))
    #expect(try failure("nothing-like-it", .fixture()).reason == "image not known")
    #expect(try failure("fooo", options()).reason.contains("there is no store") == false)
    #expect(try failure("BAD NAME", options()).reason.contains("there is no store") == false)
  }
}
