import Diagnostics
import Digests
import Glibc
import ImageModel
import ImageRecord
import ImageReference
import ImageSource
import JSON
import POSIX
import StoreFixtures
import Testing

@testable import DockerStore

/// The rules of Docker's files, each by itself.
@Suite struct DockerRuleTests {
  @Test(
    arguments: [
      ("100000.100000", true), ("0.0", true), ("1.2.3", false), ("100000", false), ("1..2", false),
      (".1.2", false),
      ("1.2.", false), ("1.", false), (".", false), ("..", false), ("1.a", false), ("a.1", false),
      ("1.2a", false),
      ("", false),
    ] as [(Path, Bool)]) func aRemappedUserHasAFolderOfTwoNumbers(name: Path, isFolder: Bool)
  {
    #expect(isRemapFolder(name) == isFolder)
  }

  /// The daemon of the system uses the containerd of the system if that runs already.
  @Test func theContainerdOfTheSystemIsThatOfTheSystemsDaemon() {
    #expect(
      containerdRoots(ofData: "/var/lib/docker") == [
        "/var/lib/docker/containerd/daemon", "/var/lib/containerd",
      ])
    #expect(containerdRoots(ofData: "/data/docker") == ["/data/docker/containerd/daemon"])
  }

  @Test(arguments: ["{}", #"{"rootfs":null}"#, #"{"rootfs":{}}"#, #"{"rootfs":{"diff_ids":null}}"#, "[]"])
  func aConfigMayHaveNoLayers(config: String) throws {
    #expect(try diffIDs(ofConfig: Array(config.utf8), SHA256.digest(of: [])).isEmpty)
  }

  @Test(arguments: ["{}", "\"x\"", "[\"x\"]", "[7]", "[\"DIGEST\",null]"]) func layersAreDigests(list: String)
    throws
  {
    let id = SHA256.digest(of: [])
    let text = list.replacing("DIGEST", with: "\(id)")
    #expect(throws: Failure(.badData, "config \(id)", "rootfs.diff_ids are not sha256 digests")) {
      try diffIDs(ofConfig: Array(#"{"rootfs":{"diff_ids":\#(text)}}"#.utf8), id)
    }
    #expect(try diffIDs(ofConfig: Array(#"{"rootfs":{"diff_ids":["\#(id)","\#(id)"]}}"#.utf8), id) == [id, id])
  }

  @Test(arguments: [
    ("zfs", "needs mounted datasets; not supported"),
    ("aufs", "not supported (overlay2, fuse-overlayfs, vfs, btrfs are)"),
  ])
  func otherDriversAreNamed(name: String, reason: String) {
    #expect(throws: Failure(.unavailable, "storage driver \(name)", reason)) { try DockerDriver(named: name) }
  }

  private func repositories(_ text: String) throws -> DockerRepositories {
    let folder = try TemporaryDirectory()
    try folder.write(text, to: "repositories.json")
    return try DockerRepositories(Path(folder.at("repositories.json")))
  }

  /// Entries that are none hide no others.
  @Test func namesHaveATagOrADigest() throws {
    let digest = "sha256:" + c1
    let found = try repositories(
      #"{"Repositories":{"a":{"a":"\#(digest)","A:1":"\#(digest)","a:1@\#(digest)":"\#(digest)","a:2":7,"a:3":"x","#
        + #""a:4":"\#(digest)"},"#
        + #""b":7,"c":{"c:1":"\#(digest)","c@\#(digest)":"\#(digest)"}}}"#)
    #expect(
      found.entries.map(\.name.description) == ["a:4", "c:1", "c@\(digest)"].map { "docker.io/library/\($0)" })
    #expect(found.names(of: try #require(Digest(digest))).count == 3)
    #expect(found.names(of: SHA256.digest(of: [])).isEmpty)
  }

  @Test(arguments: [#"{"Repositories":{}}"#, #"{"Repositories":null}"#]) func aStoreMayHaveNoNames(text: String)
    throws
  {
    #expect(try repositories(text).entries.isEmpty)
  }

  @Test(arguments: ["{}", "[]", #"{"Repositories":[]}"#, #"{"Repositories":"x"}"#]) func namesAreNeeded(
    text: String
  ) {
    let failure = #expect(throws: Failure.self) { try repositories(text) }
    #expect(failure?.kind == .badData && failure?.reason == "no repositories")
  }

  @Test(arguments: Failure.Kind.allCases) func onlyDamageCanBeARemoval(kind: Failure.Kind) throws {
    let location = DockerLocation(root: "/nowhere", driver: .vfs)
    let chain = SHA256.digest(of: [])
    let failure = #expect(throws: Failure.self) {
      try location.explaining(chain) { () throws(Failure) -> Int in throw Failure(kind, "file", "reason") }
    }
    let removed = Failure(
      .tryAgain, "layer e3b0c44298fc", "image was changed or removed while it was being read")
    #expect(failure == ([.badData, .inputOutput].contains(kind) ? removed : Failure(kind, "file", "reason")))
  }

  @Test func missingPermissionIsExplained() async {
    await #expect(processExitsWith: .success) {
      try becomeOrdinaryUser()
      let folder = try TemporaryDirectory()
      #expect(Failure(.noPermission, "/", "x").advisingOnDocker().reason == "x (root's store: run with sudo)")
      #expect(
        Failure(.noPermission, folder.path, "x").advisingOnDocker().reason
          == "x (for rootless Docker run under `unshare -U --map-root-user --map-auto`)")
      for kind in Failure.Kind.allCases where kind != .noPermission {
        #expect(Failure(kind, "/", "x").advisingOnDocker() == Failure(kind, "/", "x"))
      }
    }
  }

  @Test(.enabled(if: geteuid() == 0)) func rootNeedsNoAdvice() {
    let failure = Failure(.noPermission, "/", "x")
    #expect(failure.advisingOnDocker() == failure)
  }
}

/// What records say of the way to an image, and answers from a store that changes.
@Suite struct DockerAnswerTests {
  private let fixture: DockerFixture

  init() throws {
    fixture = try DockerFixture()
  }

  private func match(_ name: String) throws -> String? {
    try fixture.record(name).others.first { $0.key == Array("match".utf8) }?.value.string
  }

  @Test func theWayToAnImageIsNamed() throws {
    let digest =
      "127.0.0.1:5055/acme/app@sha256:f6440a12804d3edbdd1d216ef22591c3a7c7bc4ef7173e0bb4c5ad9a604b5684"
    #expect(try match("acme/app:1") == "name")
    #expect(try match(digest) == "digest")
    for id in [c1, "sha256:" + c1] { #expect(try match(id) == "id") }
    for prefix in ["1f4d", "sha256:1f4d", String(c1.dropLast())] { #expect(try match(prefix) == "id-prefix") }
  }

  /// Without a listing to compare with, nothing shows that the store is the same: it is read once more.
  @Test func whatIsNotKnownToBeUnchangedIsReadAgain() throws {
    for listsAll in [false, true] {
      var calls = 0
      let catalog = try DockerCatalog(fixture.location, listsAll: listsAll) { _ in
        calls += 1
        return calls > 1
      }
      let record = try? catalog.record(for: .name("acme/app:1"))
      #expect(record?.id == (listsAll ? nil : c1))
      #expect(calls == (listsAll ? 1 : 2))
    }
  }

  @Test func aLineEndAfterAnIDIsNoPartOfIt() throws {
    let chain = try fixture.record("acme/app:1").layers[0].locator.string("layer")
    let path = fixture.path("image/overlay2/layerdb/sha256/\(chain)/cache-id")
    let before = try fixture.location.text("cache-id", of: try #require(Digest(hex: chain)))
    try fixture.folder.write(before + "\n", to: path)
    #expect(try fixture.location.text("cache-id", of: try #require(Digest(hex: chain))) == before)
    try fixture.folder.write(before + "\n\n", to: path)
    #expect(fixture.failure("acme/app:1")?.reason.hasSuffix("its cache-id is no ID") == true)
  }

  /// The manifest that an image was pulled by is information only: if it is damaged, there is none.
  @Test func aDamagedManifestOfTheRegistryIsNone() throws {
    let hex = "f6440a12804d3edbdd1d216ef22591c3a7c7bc4ef7173e0bb4c5ad9a604b5684"
    let path = fixture.path("containerd/daemon/io.containerd.content.v1.content/blobs/sha256/\(hex)")
    let registry = try #require(RegistryDigests(fixture.location))
    let image = try #require(Digest(hex: c1))
    #expect(registry.target(of: image)?.digest.hex == hex)
    try fixture.folder.write(fixture.folder.read(path).dropLast() + [0x20], to: path)
    #expect(registry.target(of: image)?.digest.hex != hex)
    #expect(try fixture.record("acme/app:1").id == c1)
  }
}

/// The namespaces of a containerd that are a daemon's.
@Suite struct DockerNamespaceTests {
  private let folder: TemporaryDirectory
  private var root: String { folder.at("docker") }

  init() throws {
    folder = try TemporaryDirectory()
    try folder.makeDirectory("docker")
  }

  private func find(_ namespaces: [String], withImages: Bool = true) throws -> DockerRoot {
    let images: [(key: String, entry: BoltBuilder.Entry)] = [
      (withImages ? "images" : "leases", .bucket([("x", .value([]))]))
    ]
    let bytes = BoltBuilder.database([("v1", .bucket(namespaces.map { (key: $0, entry: .bucket(images)) }))])
    try folder.write(bytes, to: "docker/containerd/daemon/io.containerd.metadata.v1.bolt/meta.db")
    return try DockerRoot(
      DockerOptions(root: root), environment: [:], userID: 0, systemFolder: Path(folder.at("etc")))
  }

  private func containerd(_ namespace: String) -> DockerRoot {
    .containerd(root: Path(root + "/containerd/daemon"), namespace: namespace)
  }

  @Test func namespacesOfOthersAreNone() throws {
    #expect(try find(["moby"]) == containerd("moby"))
    #expect(try find(["default", "moby", "moby-1.1"]) == containerd("moby"))
    #expect(try find(["default", "moby-1.1", "moby-2.2"]) == containerd("moby-1.1"))
    for namespaces in [["default", "mob", "mobyx"], []] {
      let failure = #expect(throws: Failure.self) { try find(namespaces) }
      #expect(failure == Failure(.unavailable, root, "not a data root of Docker: it has no images"))
    }
    #expect(throws: Failure.self) { try find(["moby"], withImages: false) }
  }

  @Test func aRemappedUserHasANamespace() throws {
    try folder.makeDirectory("docker/2.2/image")
    #expect(try find(["moby", "moby-1.1", "moby-2.2"]) == containerd("moby-2.2"))
    #expect(try find(["moby", "moby-1.1"]) == containerd("moby"))
  }

  @Test func aMissingRootIsNamedWithItsOrigin() throws {
    try folder.write(#"{"data-root":"/nowhere/docker"}"#, to: "etc/daemon.json")
    let failure = #expect(throws: Failure.self) {
      try DockerRoot(DockerOptions(), environment: [:], userID: 0, systemFolder: Path(folder.at("etc")))
    }
    #expect(
      failure
        == Failure(
          .unavailable, "/nowhere/docker", "there is no store of Docker (from \(folder.at("etc/daemon.json")))")
    )
  }

  /// The folders of a user's own daemon are not root's.
  @Test func rootHasTheRootOfTheSystem() throws {
    try folder.makeDirectory("data/docker/image/overlay2/imagedb")
    try folder.write(#"{"data-root":"\#(root)"}"#, to: "etc/daemon.json")
    try folder.makeDirectory("docker/image/vfs/imagedb")
    func find(_ userID: UInt32) throws -> DockerRoot {
      try DockerRoot(
        DockerOptions(),
        environment: ["XDG_DATA_HOME": folder.at("data"), "XDG_CONFIG_HOME": folder.at("none")],
        userID: userID, systemFolder: Path(folder.at("etc")))
    }
    #expect(try find(0) == .graph(DockerLocation(root: Path(root), driver: .vfs)))
    #expect(try find(1000) == .graph(DockerLocation(root: Path(folder.at("data/docker")), driver: .overlay2)))
  }
}
