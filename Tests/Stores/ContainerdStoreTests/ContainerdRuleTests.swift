import Diagnostics
import Digests
import Glibc
import ImageModel
import ImageRecord
import ImageSource
import JSON
import POSIX
import StoreFixtures
import Testing

@testable import ContainerdStore

/// The manifest of `acme/app:plain`.
private let plain = "sha256:e23b685c5d8a54475a638ccec92afa35a4754daff66ed57d8a40e8d8b7ad392f"

/// A store of containerd whose names a test writes; the blobs are those of the fixture.
private struct NamedStore {
  let fixture: ContainerdFixture

  init(_ images: [(name: String, target: BoltBuilder.Entry)]) throws {
    fixture = try ContainerdFixture()
    let images = images.map { (key: $0.name, entry: BoltBuilder.Entry.bucket([("target", $0.target)])) }
    try fixture.folder.write(
      BoltBuilder.database([("v1", .bucket([("default", .bucket([("images", .bucket(images))]))]))]),
      to: "\(fixture.name)/io.containerd.metadata.v1.bolt/meta.db")
  }

  /// The target ``index``.
  static let list = target(index, .ociIndex, [0xF4, 0x07])
  /// The target ``plain``.
  static let manifest = target(plain, .ociManifest, [0xCA, 0x08])
  /// What no reader understands.
  static let damaged = target("sha256:x", .ociManifest, [0x02])

  static func target(_ digest: String, _ type: MediaType, _ size: [UInt8]) -> BoltBuilder.Entry {
    .bucket([
      ("digest", .value(Array(digest.utf8))), ("mediatype", .value(Array(type.description.utf8))),
      ("size", .value(size)),
    ])
  }
}

/// The names of a namespace, and the images that they stand for.
@Suite struct ContainerdNameTests {
  @Test(arguments: [([0x00], 0), ([0x02], 1), ([0x01], nil), ([0x80], nil), ([], nil)] as [([UInt8], UInt64?)])
  func aTargetHasASize(size: [UInt8], expected: UInt64?) throws {
    let store = try NamedStore([("a:1", NamedStore.target(index, .ociIndex, size))])
    let image = try #require(try ContainerdImages(in: store.fixture.location).image(named: "a:1"))
    #expect(image.target?.size == expected)
  }

  /// Names of one target are one image, whatever is between them; a damaged one is an image of its own.
  @Test func imagesAreListedByTheirTargets() throws {
    let store = try NamedStore([
      ("docker.io/acme/a:1", NamedStore.list), ("docker.io/acme/b:1", NamedStore.manifest),
      ("docker.io/acme/c:1", NamedStore.list), ("docker.io/acme/d:1", NamedStore.damaged),
      ("docker.io/acme/e:1", NamedStore.damaged), ("docker.io/acme/f:1", NamedStore.manifest),
      ("docker.io/acme/g:1", NamedStore.target("sha256:" + c2, .ociManifest, [0x02])),
      ("plain", NamedStore.list),
    ])
    let catalog = try store.fixture.catalog(listsAll: true)
    let requests = catalog.requests(for: nil)
    #expect(requests.map(catalog.text(of:)) == ["a", "b", "d", "e", "g"].map { "docker.io/acme/\($0):1" })
    #expect(requests.allSatisfy(catalog.hasName))
    #expect(try catalog.record(for: requests[1]).target == plain)
    let id = try catalog.record(for: requests[0]).id
    #expect(catalog.tags(ofImage: id) == ["docker.io/acme/a:1", "docker.io/acme/c:1"])
    #expect(
      throws: Failure(.badData, "docker.io/acme/d:1", "its record in containerd's database is damaged")
    ) { try catalog.record(for: requests[2]) }
    #expect(throws: Failure.self) { try catalog.record(for: .name("acme/e:1")) }
  }

  @Test func aDigestIsFoundWithTheNameOfItsRepository() throws {
    let store = try NamedStore([
      ("docker.io/acme/a:1", NamedStore.list), ("docker.io/acme/b:1", NamedStore.list),
      ("docker.io/acme/c:1", NamedStore.manifest),
    ])
    let found = try store.fixture.record("acme/b@\(index)")
    #expect(found.name == "docker.io/acme/b@\(index)" && found.id == c1)
    #expect(found.match == "digest")
    for name in ["acme/c@\(index)", "acme/d@\(index)", "acme/b@\(plain)"] {
      #expect(store.fixture.failure(name)?.kind == .notFound, "\(name)")
    }
  }

  @Test func theWayToAnImageIsNamed() throws {
    let fixture = try ContainerdFixture(namespace: "k8s.io")
    for (name, match) in [
      ("127.0.0.1:5055/acme/app:multi", "name"), ("127.0.0.1:5055/acme/app@\(index)", "digest"),
      ("sha256:\(c1)", "id"), (c1, "id"), (index, "id"), (String(index.dropFirst(7)), "id"),
      ("1f4d", "id-prefix"),
      ("sha256:1f4dda", "id-prefix"), ("f6440", "id-prefix"), (String(index.dropLast()), "id-prefix"),
    ] { #expect(try fixture.record(name).match == match, "\(name)") }
    let other = try ContainerdFixture()
    #expect(try other.record("acme/app:multi").match == "name")
    #expect(try other.record("docker.io/acme/app:multi").match == "name")
    #expect(try other.record("acme/app@\(index)").match == "digest")
  }

  /// Records name the kind of a layer's tar by the kind of the manifest.
  @Test func layersAreOfTheFamilyOfTheirManifest() throws {
    let fixture = try ContainerdFixture()
    #expect(try fixture.record("acme/app:plain").layers.allSatisfy { $0.mediaType == .ociLayer })
    #expect(try fixture.record("acme/app:1").layers.allSatisfy { $0.mediaType == .dockerLayer })
  }

  @Test func danglingImagesHaveNoName() throws {
    let store = try NamedStore([
      ("moby-dangling@\(index)", NamedStore.list), ("sha256:\(c1)", NamedStore.manifest),
    ])
    let catalog = try store.fixture.catalog(listsAll: true)
    let requests = catalog.requests(for: nil)
    #expect(requests.count == 2)
    #expect(!requests.contains(where: catalog.hasName))
    #expect(try requests.map { try catalog.record(for: $0).name } == [nil, nil])
  }
}

extension ImageRecord {
  /// How the image was found.
  fileprivate var match: String? { other("match")?.value.string }
}

/// Images for a platform, and what is missing in a store.
@Suite struct ContainerdPlatformTests {
  private let fixture: ContainerdFixture
  private static let amd64 = Platform(os: "linux", architecture: "amd64")
  private static let arm64 = Platform(os: "linux", architecture: "arm64", variant: "v8")

  init() throws {
    fixture = try ContainerdFixture()
  }

  private func records(_ name: String, _ platforms: PlatformChoice) throws -> [ImageRecord] {
    try ContainerdCatalog(fixture.location, listsAll: false, platforms: platforms).records(for: .name(name))
  }

  private func all(_ platforms: Platform...) -> PlatformChoice {
    PlatformChoice(lists: platforms.map { PlatformRequest($0) }, isAll: true, host: PlatformRequest(Self.amd64))
  }

  @Test func anImageForAnotherPlatformIsFoundByItsIDOnly() throws {
    let arm = PlatformChoice(PlatformRequest(wanted: { [Self.amd64] }, accepts: { $0 == Self.arm64 }))
    for name in ["acme/app:plain", "acme/app:multi"] {
      #expect(
        throws: Failure(.notFound, name, "image not known for this platform (\(name) is for linux/amd64)")
      ) { try records(name, arm) }
    }
    #expect(try records(plain, arm).count == 1)
  }

  @Test func severalPlatformsArePartsOfAnIndex() throws {
    #expect(try records("acme/app:multi", all(Self.amd64, Self.arm64)).count == 2)
    #expect(try records("acme/app:plain", all(Self.amd64)).count == 1)
    for name in ["acme/app:plain", plain] {
      let failure = #expect(throws: Failure.self) { try records(name, all(Self.arm64)) }
      #expect(failure?.reason.hasPrefix("image not known for this platform") == true)
    }
  }

  /// The content of layers can be missing; a list without any says why.
  @Test func aListWithoutItsLayersSaysWhy() throws {
    #expect(try records("acme/app:multi", all()).count == 2)
    for record in try records("acme/app:multi", all()) {
      for layer in record.layers {
        try fixture.folder.remove(fixture.blob(try #require(layer.layer.blob?.digest)))
      }
    }
    let failure = #expect(throws: Failure.self) { try records("acme/app:multi", all()) }
    #expect(failure?.kind == .unavailable)
    #expect(failure?.reason.hasSuffix("only the registry has it") == true)
  }

  @Test func aStoreWithoutContentIsNotAvailable() throws {
    let content = "\(fixture.name)/io.containerd.content.v1.content"
    try fixture.folder.remove(content)
    #expect(throws: Failure(.unavailable, fixture.folder.at(content), "no such directory")) {
      try fixture.catalog()
    }
    try fixture.folder.write("", to: content)
    #expect(throws: Failure(.badData, fixture.folder.at(content), "not a directory")) { try fixture.catalog() }
  }

  @Test func aRootThatIsNotAbsoluteIsTheDefault() throws {
    try fixture.folder.write("root = \"data\"\n", to: "config.toml")
    let root = try ContainerdLocation.defaultRoot(
      environment: ["XDG_DATA_HOME": "data", "HOME": "home"], userID: 1000,
      configuration: Path(fixture.folder.at("config.toml")))
    #expect(root == "/var/lib/containerd")
  }

  @Test func missingPermissionIsExplained() async {
    await #expect(processExitsWith: .success) {
      try becomeOrdinaryUser()
      let folder = try TemporaryDirectory()
      #expect(
        Failure(.noPermission, "/", "x").advisingOnContainerd().reason
          == "x (another user's store: run as that user, or with sudo for root's)")
      #expect(
        Failure(.noPermission, folder.path, "x").advisingOnContainerd().reason
          == "x (for rootless containerd run under `unshare -U --map-root-user --map-auto`)")
      for kind in Failure.Kind.allCases where kind != .noPermission {
        #expect(Failure(kind, "/", "x").advisingOnContainerd() == Failure(kind, "/", "x"))
      }
    }
  }

  @Test(.enabled(if: geteuid() == 0)) func rootNeedsNoAdvice() {
    let failure = Failure(.noPermission, "/", "x")
    #expect(failure.advisingOnContainerd() == failure)
  }
}
