import ContainersStorage
import Diagnostics
import Digests
import ImageModel
import JSON
import Testing

@testable import NameLookup

/// Cases missing from the tables: rules by name, explicit platforms, damaged stores.
@Suite struct LookupRuleTests {
  private let foo = "f437773035f7350ee6ef4fdb20ced9e808162735507f28b709fef3c8e9dcb2b7"
  private let digest = "sha256:38f5a64d1eb4d6d077bc7b3cc3b74e0086800c88db332c203b41f80cde7a711c"

  private func id(_ digit: String) -> String { String(repeating: digit, count: 64) }

  private func find(
    _ name: String, in store: FixtureStore, _ options: LookupOptions = .fixture()
  ) throws -> FoundImage {
    try lookUpImage(name, in: store.snapshot(), options: options)
  }

  @Test(arguments: [
    ("foo", Match.alias), ("deep:2.0", .searchRegistry), ("f4", .localhost), ("onlydocker", .searchRegistry),
    ("library/bar", .searchRegistry), ("quay.io/acme/foo:1.0", .name), ("f437", .idPrefix),
    ("sha256:f437773035f7350ee6ef4fdb20ced9e808162735507f28b709fef3c8e9dcb2b7", .id), ("rawname", .rawName),
    ("acme/foo:1.0", .searchRegistry), ("sub/deep:2.0", .repository), ("containers-storage:foo", .transport),
  ])
  func saysByWhichRule(_ name: String, _ match: Match) throws {
    var names = FixtureShortNames.searching
    names.aliases["foo"] = "localhost/foo"
    let found = try find(name, in: FixtureStore("main"), .fixture(shortNames: names))
    #expect(found.match == match)
  }

  /// The ID of an image or of a manifest list, with the algorithm, alone, or only its start.
  @Test(arguments: [
    "f437773035f7350ee6ef4fdb20ced9e808162735507f28b709fef3c8e9dcb2b7",
    "0fcd5df160c3c1fa79b2ec4ad01e30ba0a17f285a0b7f6618318e55e05c97b08",
  ])
  func anIDIsNoName(id: String) throws {
    for text in ["sha256:\(id)", id, String(id.prefix(4))] {
      let found = try find(text, in: FixtureStore("main"))
      #expect(found.referenceName == nil)
      #expect(found.repositoryTag == nil)
    }
  }

  @Test func saysDockerHub() throws {
    #expect(try find("onlydocker", in: FixtureStore("main")).match == .dockerHub)
  }

  @Test func ruleNamesAreStable() {
    #expect(
      Match.allCases.map(\.rawValue) == [
        "transport", "id", "id-prefix", "name", "alias", "localhost", "search-registry", "docker.io",
        "raw-name", "repository",
      ])
  }

  @Test func choosesFromListsForAPlatform() throws {
    let (list, amd, arm) = (id("1"), id("2"), id("3"))
    func entry(_ digit: String, _ architecture: String) -> String {
      #"{"digest":"sha256:\#(id(digit))","platform":{"os":"linux","architecture":"\#(architecture)"}}"#
    }
    func image(_ architecture: String) -> [String: String] {
      [
        "manifest": #"{"schemaVersion":2,"config":{"digest":"config"}}"#,
        "config": #"{"os":"linux","architecture":"\#(architecture)"}"#,
      ]
    }
    let store = try FixtureStore(
      records: #"""
        [{"id":"\#(list)","names":["localhost/list:1"]},
         {"id":"\#(amd)","digest":"sha256:\#(id("a"))"},
         {"id":"\#(arm)","big-data-digests":{"manifest":"sha256:\#(id("b"))"}}]
        """#,
      items: [
        list: [
          "manifest": #"""
          {"schemaVersion":2,"mediaType":"\#(MediaType.dockerManifestList)","manifests":[
          \#(entry("a", "amd64")),\#(entry("b", "arm64")),\#(entry("a", "s390x"))]}
          """#, "instances.json": "{}",
        ],
        amd: image("amd64"), arm: image("arm64"),
      ])
    func options(_ architecture: String) -> LookupOptions {
      .fixture(platform: Platform(os: "linux", architecture: architecture))
    }
    #expect(try find("list:1", in: store).image.idText == amd)
    let found = try find("list:1", in: store, options("arm64"))
    #expect(found.image.idText == arm)
    #expect(found.list?.description == list)
    #expect(found.resolvedName == "localhost/list:1")
    #expect(found.match == .localhost)
    let failure = Failure(
      .notFound, #"no image found in manifest list for architecture "riscv64", variant "", OS "linux""#,
      "image not known")
    #expect(throws: failure) { try find("list:1", in: store, options("riscv64")) }
    // The config of the instance contradicts the list.
    #expect(throws: unknown("list:1")) { try find("list:1", in: store, options("s390x")) }
    let transport = try find("containers-storage:localhost/list:1", in: store, options("arm64"))
    #expect(transport.image.idText == list)
    #expect(transport.list == nil)
  }

  @Test func passesOverImagesOfOtherPlatforms() throws {
    let store = try FixtureStore("main")
    let arm = LookupOptions.fixture(platform: Platform(os: "linux", architecture: "arm64", variant: "v8"))
    #expect(throws: unknown("foo")) { try find("foo", in: store, arm) }
    #expect(try find("f437", in: store, arm).image.idText == foo)
    #expect(try find(foo, in: store, arm).image.idText == foo)
    #expect(try find("containers-storage:localhost/foo", in: store, arm).image.idText == foo)
    let amd = LookupOptions.fixture(platform: Platform(os: "linux", architecture: "amd64"))
    #expect(try find("foo", in: store, amd).image.idText == foo)
  }

  @Test func keepsTheDigestOfStorageReferences() throws {
    let store = try FixtureStore("main")
    let found = try find("containers-storage:quay.io/acme/foo@\(digest)", in: store)
    #expect(found.requestedManifest?.description == digest)
    #expect(try find("containers-storage:localhost/foo", in: store).requestedManifest == nil)
    #expect(try find("quay.io/acme/foo@\(digest)", in: store).requestedManifest == nil)
  }

  @Test func damagedRecordsHarmNoOthers() throws {
    let one = String(repeating: "1", count: 64)
    let store = try FixtureStore(
      records: #"""
        [{"id":5,"names":["localhost/number:latest"]}, {"names":"text"}, 7, null,
         {"id":"../../etc","digest":"sha256:short","names":["localhost/path:latest",4]},
         {"id":"\#(one)","digest":false,"big-data-digests":{"manifest":7},"names":["localhost\/good:latest"]}]
        """#, items: [one: ["manifest": "{}"]])
    #expect(try find("good", in: store).image.idText == one)
    #expect(try find("1111", in: store).image.idText == one)
    #expect(throws: unknown("nosuch@\(digest)")) { try find("nosuch@\(digest)", in: store) }
    for name in ["number", "path", "../../etc"] {
      let failure = #expect(throws: Failure.self) { try find(name, in: store) }
      #expect(failure?.kind == (name == "../../etc" ? .usage : .badData))
    }
  }

  @Test(arguments: [
    (nil, "locating image \"ID\" for loading instance list"),
    ("[]", "decoding instance list for image \"ID\""),
  ])
  func listsNeedTheirInstances(_ instances: String?, _ subject: String) throws {
    let id = String(repeating: "1", count: 64)
    var items = ["manifest": #"{"schemaVersion":2,"manifests":[{"digest":"x"}]}"#]
    items["instances.json"] = instances
    let store = try FixtureStore(
      records: #"[{"id":"\#(id)","names":["localhost/list:latest"]}]"#, items: [id: items])
    let failure = #expect(throws: Failure.self) { try find("list", in: store) }
    #expect(failure?.subject == subject.replacing("ID", with: id))
    #expect(failure?.kind == .badData)
  }

  @Test func refusesListsThatAreImagesToo() throws {
    let id = String(repeating: "1", count: 64)
    let manifest = #"""
      {"schemaVersion":2,"mediaType":"\#(MediaType.ociIndex)","manifests":[],"layers":[]}
      """#
    let store = try FixtureStore(
      records: #"[{"id":"\#(id)","names":["localhost/list:latest"]}]"#, items: [id: ["manifest": manifest]])
    let failure = #expect(throws: Failure.self) { try find("list", in: store) }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == "decoding manifest blob for image \"\(id)\"")
  }

  @Test func notesNamesThatAreNone() throws {
    let notes = Notes()
    let store = try FixtureStore(
      records: #"[{"id":"\#(foo)","names":["weird name:1","quay.io/a/name:1"]}]"#,
      items: [foo: ["manifest": "{}"]])
    #expect(try find("name:1", in: store, .fixture(notes: notes)).resolvedName == "quay.io/a/name:1")
    #expect(notes.all == [.invalidName("weird name:1", reason: "invalid reference format")])
  }

  @Test func configurationCanBringAnInvalidAlias() throws {
    let notes = Notes()
    let names = FixtureShortNames(aliases: ["foo": "Not/A Name"])
    #expect(throws: unknown("foo")) {
      try find("foo", in: FixtureStore("main"), .fixture(shortNames: names, notes: notes))
    }
    #expect(notes.all.count == 1)
  }
}
