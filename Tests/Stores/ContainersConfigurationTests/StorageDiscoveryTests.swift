import ContainersConfiguration
import Diagnostics
import POSIX
import Testing

/// The location of the store.
///
/// Expectations marked "podman" are results of podman 4.3.1 for the same files.
struct StorageDiscoveryTests {
  static let vendor = "[storage]\ndriver=\"vfs\"\ngraphroot=\"/gv\"\nrunroot=\"/rv\"\n"
  static let machine =
    "[storage]\ndriver=\"vfs\"\ngraphroot=\"/g1\"\nrunroot=\"/rr\"\n[storage.options]\nadditionalimagestores=[\"/x\"]\n"
  static let own = "[storage]\ndriver=\"vfs\"\ngraphroot=\"/g5\"\nrunroot=\"/r5\"\n"
  static let files = [
    "/usr/share/containers/storage.conf": vendor, "/etc/containers/storage.conf": machine, "/x/": "",
    "/home/me/.config/containers/storage.conf": own,
  ]

  @Test func defaultsOfRoot() throws {
    let found = try Machine().storage()
    #expect(found.graphRoot == Setting("/var/lib/containers/storage", from: .builtIn))
    #expect(found.runRoot == Setting("/run/containers/storage", from: .builtIn))
    #expect(found.driver == nil)
    #expect(found.imageStore == nil)
    #expect(found.additionalImageStores == Setting([], from: .builtIn))
    #expect(found.additionalLayerStores == Setting([], from: .builtIn))
  }

  @Test func defaultsOfUser() throws {
    let found = try Machine().storage(user: 1000, ["TMPDIR": "/t"])
    #expect(found.graphRoot == Setting("/home/me/.local/share/containers/storage", from: .builtIn))
    #expect(found.runRoot == Setting("/t/storage-run-1000/containers", from: .builtIn))
    let session = try Machine(["/run/user/1000/": ""]).storage(user: 1000)
    #expect(session.runRoot.value == "/run/user/1000/containers")
    let directories = try Machine().storage(user: 1000, ["XDG_DATA_HOME": "/d", "XDG_RUNTIME_DIR": "/rt"])
    #expect(directories.graphRoot.value == "/d/containers/storage")
    #expect(directories.runRoot.value == "/rt/containers")
  }

  @Test func homeFromThePasswordFile() throws {
    let machine = try Machine(["/etc/passwd": "root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/users/me:/bin/sh\n"])
    #expect(
      try machine.storage(user: 1000, ["HOME": ""]).graphRoot.value
        == "/users/me/.local/share/containers/storage")
    let reason = "not set, and /etc/passwd has no home directory for user 1001"
    #expect(throws: Failure(.unavailable, "HOME", reason)) { try machine.storage(user: 1001, ["HOME": ""]) }
    #expect(try machine.storage(user: 1001, ["HOME": ""], options: StorageOptions(root: "/g")).driver == nil)
    #expect(try Machine().storage(["HOME": ""]).graphRoot.value == "/var/lib/containers/storage")
    #expect(try Machine().registries(user: 1001, ["HOME": ""]) == RegistriesConfiguration())
  }

  struct Case: CustomTestStringConvertible {
    let testDescription: String
    var user: UInt32 = 0
    var environment: [String: String] = [:]
    var options = StorageOptions()
    var without: [String] = []
    let graphRoot: Path
    let stores: [Path]
    let origin: SettingOrigin
  }

  static let etc: Path = "/etc/containers/storage.conf"

  @Test(arguments: [
    Case(
      testDescription: "podman: vendor file", without: ["/etc/containers/storage.conf"], graphRoot: "/gv",
      stores: [],
      origin: .file("/usr/share/containers/storage.conf")),
    Case(testDescription: "podman: /etc before vendor", graphRoot: "/g1", stores: ["/x"], origin: .file(etc)),
    Case(
      testDescription: "podman: --root drops driver options", options: StorageOptions(root: "/g2"),
      graphRoot: "/g2",
      stores: [], origin: .option("--root")),
    Case(
      testDescription: "podman: --runroot does not", options: StorageOptions(runRoot: "/r2"), graphRoot: "/g1",
      stores: ["/x"], origin: .file(etc)),
    Case(
      testDescription: "podman: --storage-driver drops driver options", options: StorageOptions(driver: "vfs"),
      graphRoot: "/g1", stores: [], origin: .file(etc)),
    Case(
      testDescription: "podman: --storage-opt replaces",
      options: StorageOptions(driverOptions: ["vfs.imagestore=/home"]),
      graphRoot: "/g1", stores: ["/home"], origin: .file(etc)),
    Case(
      testDescription: "podman: --storage-opt '' removes", options: StorageOptions(driverOptions: [""]),
      graphRoot: "/g1", stores: [], origin: .file(etc)),
    Case(
      testDescription: "--storage-opt holds with --root",
      options: StorageOptions(root: "/g2", driverOptions: [".imagestore=/x,/home"]), graphRoot: "/g2",
      stores: ["/x", "/home"], origin: .option("--root")),
    Case(
      testDescription: "podman: STORAGE_OPTS replaces", environment: ["STORAGE_OPTS": "vfs.imagestore=/home"],
      graphRoot: "/g1", stores: ["/home"], origin: .file(etc)),
    Case(
      testDescription: "podman: empty STORAGE_OPTS removes", environment: ["STORAGE_OPTS": ""],
      graphRoot: "/g1",
      stores: [], origin: .file(etc)),
    Case(
      testDescription: "podman: --root drops STORAGE_OPTS",
      environment: ["STORAGE_OPTS": "vfs.imagestore=/home"],
      options: StorageOptions(root: "/g4"), graphRoot: "/g4", stores: [], origin: .option("--root")),
    Case(
      testDescription: "podman: root ignores ~/.config but not XDG_CONFIG_HOME",
      environment: ["XDG_CONFIG_HOME": "/home/me/.config"], graphRoot: "/g5", stores: [],
      origin: .file("/home/me/.config/containers/storage.conf")),
    Case(
      testDescription: "XDG_CONFIG_HOME without a file", environment: ["XDG_CONFIG_HOME": "/nowhere"],
      graphRoot: "/g1", stores: ["/x"], origin: .file(etc)),
    Case(
      testDescription: "user's own file", user: 1000, graphRoot: "/g5", stores: [],
      origin: .file("/home/me/.config/containers/storage.conf")),
    Case(
      testDescription: "podman: a user inherits no root and no store", user: 1000,
      without: ["/home/me/.config/containers/storage.conf"],
      graphRoot: "/home/me/.local/share/containers/storage", stores: [], origin: .builtIn),
    Case(
      testDescription: "root in a namespace of a user", environment: ["_CONTAINERS_ROOTLESS_UID": "1000"],
      graphRoot: "/g5", stores: [], origin: .file("/home/me/.config/containers/storage.conf")),
    Case(
      testDescription: "CONTAINERS_STORAGE_CONF is the only file",
      environment: ["CONTAINERS_STORAGE_CONF": "/usr/share/containers/storage.conf"], graphRoot: "/gv",
      stores: [],
      origin: .file("/usr/share/containers/storage.conf")),
  ]) func sources(_ test: Case) throws {
    let machine = try Machine(Self.files.filter { !test.without.contains($0.key) })
    let found = try machine.storage(user: test.user, test.environment, options: test.options)
    #expect(found.graphRoot == Setting(test.graphRoot, from: test.origin))
    #expect(found.additionalImageStores.value == test.stores)
    #expect(found.driver?.value == "vfs")
  }

  @Test(arguments: [
    ("/tmp/g$UID-$FOO-${BAR}x", "/tmp/g0-f-bx"), ("/a$$b$", "/ab$"), ("/a${}b", "/ab"), ("/a${b", "/ab"),
    ("/a$-b/$/c", "/ab/$/c"), ("/a/$NOTSET/b/../c", "/a/c"), ("/$UIDX", "/0X"), ("/${UID}", "/7"),
    ("//a/./b/", "/a/b"),
    ("/$1x", "/x"), ("/link/s", "/real/s"), ("/link/none", "/link/none"),
  ]) func expansion(_ text: String, _ path: Path) throws {
    let machine = try Machine([
      "/etc/containers/storage.conf": "storage = {graphroot='\(text)'}", "/real/s/": "",
    ])
    try machine.link("/link", to: "/real")
    #expect(try machine.storage(["FOO": "f", "BAR": "b", "UID": "7"]).graphRoot.value == path)
  }

  @Test func relativeOptionIsBelowTheWorkingDirectory() throws {
    let found = try Machine().storage(options: StorageOptions(root: "a/../b"))
    #expect(try found.graphRoot.value == Path(".").resolved().appending("b"))
  }

  @Test func rootlessStoragePath() throws {
    let name = "/home/me/.config/containers/storage.conf"
    let machine = try Machine([
      "/etc/containers/storage.conf":
        "[storage]\ndriver='zfs'\ngraphroot='/g1'\nrootless_storage_path='/rl/$UID/$HOME'\n"
    ])
    #expect(try machine.storage(user: 1000).graphRoot.value == "/rl/1000/home/me")
    #expect(try machine.storage(user: 1000).driver == nil, "zfs is not for users")
    #expect(try machine.storage().graphRoot.value == "/g1")
    try machine.write(name, "[storage]\ndriver='overlay2'\n")
    #expect(try machine.storage(user: 1000).graphRoot.value == "/rl/1000/home/me", "podman")
    #expect(try machine.storage(user: 1000).driver == Setting("overlay", from: .file(Path(name))))
    try machine.write(name, "[storage]\nrootless_storage_path='/own'\n")
    #expect(try machine.storage(user: 1000).graphRoot.value == "/own", "podman")
  }

  @Test func drivers() throws {
    let machine = try Machine(Self.files)
    #expect(
      try machine.storage(["STORAGE_DRIVER": "overlay2"]).driver
        == Setting("overlay", from: .environment("STORAGE_DRIVER")))
    #expect(try machine.storage(["STORAGE_DRIVER": ""]).driver?.value == "vfs")
    #expect(
      try machine.storage(["STORAGE_DRIVER": "btrfs"], options: StorageOptions(driver: "overlay2")).driver
        == Setting("overlay", from: .option("--storage-driver")))
  }

  @Test func imageStores() throws {
    let machine = try Machine([
      "/etc/containers/storage.conf": "[storage]\ngraphroot='/g'\nimagestore='/i/$UID'"
    ])
    #expect(try machine.storage().imageStore == Setting("/i/0", from: .file(Self.etc)))
    #expect(
      try machine.storage(options: StorageOptions(imageStore: "/j")).imageStore
        == Setting("/j", from: .option("--imagestore")))
    #expect(throws: Failure.self) { try machine.storage(options: StorageOptions(imageStore: "/g/")) }
  }

  @Test func keysInOtherCase() throws {
    let machine = try Machine(["/etc/containers/storage.conf": "[STORAGE]\nGraphRoot='/g6'"])
    #expect(try machine.storage().graphRoot.value == "/g6", "podman")
  }
}
