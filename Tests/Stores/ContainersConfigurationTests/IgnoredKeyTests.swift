import ContainersConfiguration
import POSIX
import Testing

/// Keys of storage.conf files without effect.
struct IgnoredKeyTests {
  static let etc = "/etc/containers/storage.conf"

  static func notes(_ keys: [IgnoredKey]) -> [String] { keys.map(\.description) }

  @Test(arguments: [
    ("graphroot='/x'", "graphroot", " (belongs in [storage])"),
    ("GraphRoot='/x'", "GraphRoot", " (belongs in [storage])"),
    ("[storage.options]\ngraphroot='/x'", "storage.options.graphroot", " (belongs in [storage])"),
    ("[options]\nsize='1'", "options", " (belongs in [storage])"),
    ("[storage]\nadditionalimagestores=[]", "storage.additionalimagestores", " (belongs in [storage.options])"),
    ("additionalimagestores=['/x']", "additionalimagestores", " (belongs in [storage.options])"),
    ("[storage.overlay]\nmountopt=''", "storage.overlay", " (belongs in [storage.options])"),
    (
      "[storage]\nsync='x'", "storage.sync",
      " (belongs in [storage.options.overlay] or [storage.options.vfs])"
    ),
    ("[storage]\ngrahproot='/x'", "storage.grahproot", " (did you mean storage.graphroot?)"),
    ("grahproot='/x'", "grahproot", " (did you mean storage.graphroot?)"),
    ("[storge]\ndriver='vfs'", "storge", " (did you mean storage?)"),
    (
      "[storage.options.overlay]\nmount_opt='x'", "storage.options.overlay.mount_opt",
      " (did you mean storage.options.overlay.mountopt?)"
    ),
    ("[storage.options.thinpool]\nbasesize='x'", "storage.options.thinpool.basesize", ""),
    ("[something]\nelse=1", "something", ""),
    ("[storage]\n'a b.c'=1", "storage.\"a b.c\"", ""),
    ("''=1", "\"\"", ""),
  ]) func aKeyIsNamedWithTheRightOne(_ text: String, _ key: String, _ remedy: String) throws {
    let machine = try Machine([Self.etc: text])
    let found = try machine.storage().ignoredKeys
    #expect(Self.notes(found) == ["\(Self.etc): \(key): no such key, ignored\(remedy)"])
    #expect(found.map(\.path) == [key])
    #expect(found.map(\.podmanWarns) == [true])
  }

  /// All keys that containers/storage 1.62 and 1.64 know.
  @Test func aKnownKeyIsNotNamed() throws {
    let machine = try Machine(
      [
        Self.etc: """
        [Storage]
        driver = "overlay"
        driver_priority = ["overlay"]
        runroot = "/run/x"
        imagestore = ""
        GRAPHROOT = "/x"
        rootless_storage_path = "/y"
        transient_store = true
        [storage.options]
        additionalimagestores = []
        additionallayerstores = []
        size = ""
        ignore_chown_errors = "true"
        force_mask = "0755"
        root-auto-userns-user = "storage"
        auto-userns-min-size = 1024
        auto-userns-max-size = 65536
        skip_mount_home = "false"
        mount_program = "/usr/bin/fuse-overlayfs"
        mountopt = "nodev"
        disable-volatile = true
        pull_options = {enable_partial_images = "true", anything = "x"}
        [storage.options.btrfs]
        min_space = ""
        size = ""
        [storage.options.thinpool]
        [storage.options.overlay]
        ignore_chown_errors = "false"
        mountopt = "nodev"
        mount_program = ""
        size = ""
        inodes = ""
        skip_mount_home = "false"
        use_composefs = "false"
        force_mask = "0755"
        sync = "none"
        [storage.options.vfs]
        ignore_chown_errors = "false"
        sync = "none"
        [storage.options.zfs]
        mountopt = "nodev"
        fsname = ""
        size = ""
        """
      ].mapValues { $0.replacing("[storage.options", with: "[Storage.options") })
    #expect(Self.notes(try machine.storage().ignoredKeys) == [])
  }

  @Test(arguments: [("imagestore", "storage"), ("use_composefs", "storage.options.overlay")])
  func aKeyThatIsDecodedButNotUsedIsNamedOnRequest(key: String, table: String) throws {
    let machine = try Machine([Self.etc: "[storage.options]\n\(key)='x'\n"])
    let found = try machine.storage().ignoredKeys
    #expect(
      Self.notes(found)
        == ["\(Self.etc): storage.options.\(key): no such key, ignored (belongs in [\(table)])"])
    #expect(found.map(\.podmanWarns) == [false])
  }

  /// Podman warns of those in the main file only.
  @Test func allFilesAreChecked() throws {
    let machine = try Machine([
      "/main": "a=1\n[storage]\nb=1\n", "/over": "c=1\n",
      Self.etc: "d=1\n[storage]\nrootless_storage_path='/r'\n",
      "/etc/containers/storage.conf.d/x.conf": "e=1\n",
    ])
    func keys(user: UInt32 = 0, _ environment: [String: String] = [:]) throws -> [String] {
      try machine.storage(user: user, environment).ignoredKeys.map { key in
        "\(key.file.lastComponent):\(key.path):\(key.podmanWarns)"
      }
    }
    #expect(
      try keys(["CONTAINERS_STORAGE_CONF": "/main", "CONTAINERS_STORAGE_CONF_OVERRIDE": "/over"])
        == ["main:a:true", "main:storage.b:true", "over:c:false"])
    #expect(try keys() == ["storage.conf:d:true", "x.conf:e:false"])
    #expect(try keys(user: 1000) == ["storage.conf:d:true", "x.conf:e:false"])
    try machine.write("/home/me/.config/containers/storage.conf", "f=1\n[storage]\n")
    #expect(try keys(user: 1000) == ["storage.conf:f:true", "storage.conf:d:true", "x.conf:e:false"])
    let other = try machine.storage().selecting(StoreSpecification("vfs@/x"))
    #expect(other.ignoredKeys.count == 2)
  }
}
