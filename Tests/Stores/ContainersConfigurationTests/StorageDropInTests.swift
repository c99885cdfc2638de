import ContainersConfiguration
import POSIX
import Testing

/// The drop-in directories of storage.conf.
struct StorageDropInTests {
  static func text(_ root: String, _ more: String = "") -> String { "[storage]\ngraphroot='\(root)'\n\(more)" }

  @Test func orderIsByNameAndTheLastDirectoryWins() throws {
    let machine = try Machine([
      "/etc/containers/storage.conf": Self.text("/main", "driver='vfs'"),
      "/usr/share/containers/storage.conf.d/50.conf": Self.text("/vendor50"),
      "/etc/containers/storage.conf.d/10.conf": Self.text("/etc10", "runroot='/r10'"),
      "/etc/containers/storage.conf.d/99.ignored": Self.text("/ignored"),
      "/etc/containers/storage.conf.d/98.conf/": "",
    ])
    try machine.link("/etc/containers/storage.conf.d/97.conf", to: "/etc/containers/storage.conf")
    let first = try machine.storage()
    #expect(
      first.graphRoot == Setting("/vendor50", from: .file("/usr/share/containers/storage.conf.d/50.conf")))
    #expect(first.runRoot.value == "/r10")
    #expect(first.driver?.value == "vfs")
    try machine.write("/etc/containers/storage.rootful.conf.d/50.conf", Self.text("/rootful50"))
    try machine.write("/etc/containers/storage.rootless.conf.d/50.conf", Self.text("/rootless50"))
    #expect(try machine.storage().graphRoot.value == "/rootful50")
    try machine.write("/home/me/.config/containers/storage.conf.d/50.conf", "[storage]\ndriver='btrfs'")
    #expect(try machine.storage().graphRoot.value == "/etc10")
    #expect(try machine.storage().driver?.value == "btrfs")
    #expect(
      try machine.storage(["CONTAINERS_STORAGE_CONF": "/etc/containers/storage.conf"]).graphRoot.value
        == "/main")
  }

  @Test func usersTakeNoRootsFromTheMachine() throws {
    let stores = "[storage.options]\nadditionalimagestores=['/x']\n"
    let machine = try Machine([
      "/x/": "", "/y/": "",
      "/etc/containers/storage.conf.d/a.conf": Self.text("/no", "runroot='/no'\ndriver='btrfs'"),
      "/etc/containers/storage.rootless.conf.d/b.conf": Self.text("/no", stores),
      "/usr/share/containers/storage.rootless.conf.d/1000/c.conf": "[storage]\ndriver='vfs'\n",
      "/usr/share/containers/storage.rootless.conf.d/1001/d.conf": "[storage]\ndriver='zfs'\n",
    ])
    let found = try machine.storage(user: 1000, ["XDG_RUNTIME_DIR": "/rt"])
    #expect(found.graphRoot.value == "/home/me/.local/share/containers/storage")
    #expect(found.runRoot.value == "/rt/containers")
    #expect(found.driver?.value == "vfs")
    #expect(found.additionalImageStores.value == ["/x"])
    try machine.write(
      "/home/me/.config/containers/storage.conf.d/e.conf",
      Self.text("/mine", "[storage.options]\nadditionalimagestores=['/y', {append=true}]"))
    #expect(try machine.storage(user: 1000).graphRoot.value == "/mine")
    #expect(try machine.storage(user: 1000).additionalImageStores.value == ["/x", "/y"])
  }

  @Test func overrideIsOnTopOfAll() throws {
    let machine = try Machine(["/o": Self.text("/over"), "/c": Self.text("/conf", "driver='vfs'")])
    let found = try machine.storage(["CONTAINERS_STORAGE_CONF_OVERRIDE": "/o", "CONTAINERS_STORAGE_CONF": "/c"])
    #expect(found.graphRoot.value == "/over")
    #expect(found.driver?.value == "vfs")
  }
}
