import Diagnostics
import ImageModel
import ImageRecord
import ImageSource
import POSIX
import StoreFixtures
import Testing

@testable import DockerStore

/// Where the images are: the data root, the driver, the folder of a remapped user.
@Suite struct DockerRootTests {
  private let folder: TemporaryDirectory
  private var root: String { folder.at("docker") }

  init() throws {
    folder = try TemporaryDirectory()
    try folder.makeDirectory("etc")
  }

  private func add(_ driver: String, in root: String = "docker", filled: Bool = true) throws {
    try folder.makeDirectory("\(root)/image/\(driver)/imagedb")
    if filled { try folder.makeDirectory("\(root)/\(driver)/layer") }
  }

  private func configure(_ text: String) throws {
    try folder.write(Array(text.replacing("ROOT", with: root).utf8), to: "etc/daemon.json")
  }

  private func find(
    root: String? = nil, driver: String? = nil, environment: [String: String] = [:], userID: UInt32 = 0
  ) throws(Failure) -> DockerRoot {
    try DockerRoot(
      DockerOptions(root: root, driver: driver), environment: environment, userID: userID,
      systemFolder: Path(folder.at("etc")))
  }

  private func graph(_ driver: DockerDriver, _ root: String? = nil) -> DockerRoot {
    .graph(DockerLocation(root: Path(root ?? self.root), driver: driver))
  }

  @Test func theOnlyDriverIsTaken() throws {
    for driver in DockerDriver.allCases {
      try add(driver.rawValue)
      #expect(try find(root: root) == graph(driver))
      try folder.remove("docker")
    }
  }

  @Test func ofSeveralDriversTheOneInUseIsTaken() throws {
    try add("vfs")
    try add("overlay2", filled: false)
    try add("fuse-overlayfs")
    #expect(try find(root: root) == graph(.fuseOverlayfs))
    try folder.makeDirectory("docker/overlay2/layer")
    #expect(try find(root: root) == graph(.overlay2))
    #expect(try find(root: root, driver: "vfs") == graph(.vfs))
    try configure(#"{"data-root":"ROOT","storage-driver":"vfs"}"#)
    #expect(try find() == graph(.vfs))
    #expect(try find(root: root) == graph(.vfs))
    // The settings of another data root do not count.
    try configure(#"{"data-root":"/elsewhere","storage-driver":"vfs"}"#)
    #expect(try find(root: root) == graph(.overlay2))
  }

  @Test func aChoiceIsAskedFor() throws {
    try add("vfs")
    try add("overlay2", filled: false)
    let failure = #expect(throws: Failure.self) { try find(root: root) }
    #expect(failure?.kind == .usage)
    #expect(failure?.reason == "images of several drivers; choose one with --storage-driver: overlay2, vfs")
  }

  @Test func otherDriversAreRefused() throws {
    try add("zfs")
    #expect(#expect(throws: Failure.self) { try find(root: root) }?.kind == .unavailable)
    #expect(#expect(throws: Failure.self) { try find(root: root, driver: "aufs") }?.kind == .unavailable)
  }

  @Test func theDataRootComesFromTheConfiguration() throws {
    try add("overlay2")
    for key in ["data-root", "graph"] {
      try configure(#"{"\#(key)":"ROOT"}"#)
      #expect(try find() == graph(.overlay2))
    }
    try configure("{")
    #expect(#expect(throws: Failure.self) { try find() }?.kind == .badData)
  }

  @Test func aRootlessDaemonHasItsOwnRoot() throws {
    try add("overlay2", in: "data/docker")
    let environment = ["XDG_DATA_HOME": folder.at("data"), "XDG_CONFIG_HOME": folder.at("config")]
    #expect(try find(environment: environment, userID: 1000) == graph(.overlay2, folder.at("data/docker")))
    try add("vfs")
    try folder.makeDirectory("config/docker")
    try folder.write(Array(#"{"data-root":"\#(root)"}"#.utf8), to: "config/docker/daemon.json")
    #expect(try find(environment: environment, userID: 1000) == graph(.vfs))
  }

  @Test func aRemappedUserHasAFolder() throws {
    try add("overlay2", in: "docker/100000.100000")
    let remapped = graph(.overlay2, root + "/100000.100000")
    #expect(try find(root: root) == remapped)
    #expect(try find(root: root + "/100000.100000") == remapped)
    try add("overlay2")
    #expect(try find(root: root) == graph(.overlay2))
    try configure(#"{"data-root":"ROOT","userns-remap":"default"}"#)
    #expect(try find() == remapped)
    try add("overlay2", in: "docker/200000.200000")
    #expect(#expect(throws: Failure.self) { try find() }?.kind == .usage)
  }

  @Test func missingRootsAreNotAvailable() throws {
    #expect(#expect(throws: Failure.self) { try find(root: root) }?.reason == "no such directory")
    try folder.makeDirectory("docker")
    let failure = #expect(throws: Failure.self) { try find(root: root) }
    #expect(failure == Failure(.unavailable, root, "not a data root of Docker: it has no images"))
    try configure(#"{"data-root":"/nowhere/docker"}"#)
    #expect(#expect(throws: Failure.self) { try find() }?.kind == .unavailable)
  }

  @Test func theStoreOfContainerdIsTakenIfItIsInUse() throws {
    let store = try OtherStore.docker28WithContainerd.unpacked(in: folder)
    let containerd = DockerRoot.containerd(root: Path(store + "/containerd/daemon"), namespace: "moby")
    #expect(try find(root: store) == containerd)
    let notes = Lock<[String]>([])
    func note(_ text: String) { notes.withLock { $0.append(text) } }
    func found() throws -> DockerRoot {
      try DockerRoot(
        DockerOptions(root: store), environment: [:], userID: 0, systemFolder: Path(folder.at("etc")),
        note: note)
    }
    // Of two stores, the graph driver's if it is in use, unless daemon.json says otherwise.
    try add("overlay2", in: OtherStore.docker28WithContainerd.rawValue, filled: false)
    #expect(try found() == containerd)
    try folder.makeDirectory("\(OtherStore.docker28WithContainerd.rawValue)/overlay2/layer")
    #expect(try found() == graph(.overlay2, store))
    try configure(#"{"data-root":"\#(store)","features":{"containerd-snapshotter":true}}"#)
    #expect(try found() == containerd)
    #expect(notes.withLock { $0.count } == 3)
    #expect(try find(root: store, driver: "overlay2") == graph(.overlay2, store))
  }

  @Test func aClassicStoreIsNotThatOfContainerd() throws {
    for store in [OtherStore.docker20, .docker28] {
      let root = try store.unpacked(in: folder)
      #expect(try find(root: root) == graph(.overlay2, root))
    }
  }

  @Test func fullTreesAreReadToo() throws {
    // vfs and btrfs keep full trees; those of overlay2 are parts of them.
    let fixture = try DockerFixture()
    let base = Path(fixture.root)
    try base.appending("image/overlay2").rename(to: base.appending("image/vfs"))
    try fixture.folder.makeDirectory(fixture.path("vfs/dir"))
    for id in try base.appending("overlay2").directoryEntries() where id != "l" {
      try base.appending("overlay2").appending(id).appending("diff").rename(
        to: base.appending("vfs/dir").appending(id))
    }
    let location = DockerLocation(root: base, driver: .vfs)
    let record = try DockerCatalog(location, listsAll: false).record(for: .name("debian"))
    for layer in try record.sourceLayers(from: [DockerStore.self]) {
      #expect(try tar(of: layer).digest == layer.layer.diffID)
    }
  }
}
