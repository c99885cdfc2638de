import Diagnostics
import Glibc
import POSIX
import StoreFixtures
import Testing

@testable import ContainersConfiguration

/// Rules of storage.conf and of the options for drivers, each at its limit.
struct StorageRuleTests {
  static let etc = "/etc/containers/storage.conf"
  static let own = "/home/me/.config/containers/storage.conf"

  @Test(arguments: [
    ("novalue", "unable to parse key/value option: novalue"),
    ("overlay.imgestore=/x", "unknown option overlay.imgestore (did you mean imagestore?)"),
    ("mount_opt=x", "unknown option mount_opt (did you mean mountopt?)"),
    (" .Anything = x", "unknown option  .Anything "),
  ]) func optionsOfTheCommandLineAreChecked(option: String, reason: String) throws {
    #expect(throws: Failure(.usage, "--storage-opt", reason)) {
      try Machine().storage(options: StorageOptions(driverOptions: [option]))
    }
    // Those of the environment are for all programs; only their form is checked.
    if option.contains("=") {
      #expect(throws: Never.self) { try Machine().storage(["STORAGE_OPTS": option]) }
    }
  }

  @Test(arguments: [
    " imagestore =/a", "\tAdditionalImageStore\u{A0}=/a", "overlay.imagestore=/a", "overlay2.imagestore=/a",
    "vfs.imagestore=/a", "btrfs.imagestore=/a", ".imagestore=/a",
  ]) func keysOfOptionsAreWrittenInManyWays(option: String) throws {
    let machine = try Machine(["/a/": ""])
    #expect(
      try machine.storage(options: StorageOptions(driverOptions: [option])).additionalImageStores.value == [
        "/a"
      ])
  }

  @Test(arguments: [
    "force_mask", "ignore_chown_errors", "inodes", "min_space", "mount_program", "mountopt",
    "override_kernel_check",
    "size", "skip_mount_home", "sync", "use_composefs",
  ]) func optionsForWritingAreKnown(key: String) throws {
    #expect(throws: Never.self) { try Machine().storage(options: StorageOptions(driverOptions: ["\(key)=x"])) }
  }

  @Test(arguments: [
    ("imagestore=", "additional image store is not an absolute path (from $STORAGE_OPTS)"),
    ("imagestore=/a,", "unable to parse key/value option: "),
    ("additionallayerstore=:ref", "additional layer store is not an absolute path (from $STORAGE_OPTS)"),
    ("additionallayerstore=/none", "additional layer store does not exist (from $STORAGE_OPTS)"),
  ]) func emptyPathsAreRefused(options: String, reason: String) throws {
    let machine = try Machine(["/a/": ""])
    let failure = #expect(throws: Failure.self) { try machine.storage(["STORAGE_OPTS": options]) }
    #expect(failure?.kind == .unavailable && failure?.reason == reason)
  }

  @Test(
    arguments: [
      ("['/x,/y']", ["/x", "/y"]), ("['/x','/y']", ["/x", "/y"]), ("[]", []), ("['/x', {append=true}]", ["/x"]),
      ("['/x', {append=false}]", ["/x"]), ("['/x,']", nil), ("['']", nil),
      ("['/x', {append=true, more=1}]", nil),
      ("['/x', {append='true'}]", nil), ("['/x', {Append=true}]", nil), ("['/x', {}]", nil),
    ] as [(String, [Path]?)]) func listsOfStoresAreRead(list: String, stores: [Path]?) throws
  {
    let machine = try Machine([
      Self.etc: "[storage.options]\nadditionalimagestores=\(list)\n", "/x/": "", "/y/": "",
    ])
    #expect((try? machine.storage())?.additionalImageStores.value == stores)
    #expect((try? machine.storage())?.additionalLayerStores.value == stores.map { _ in [] })
  }

  /// A later list replaces an earlier one, unless it says that it is appended.
  @Test(
    arguments: [
      ("['/y']", ["/y"]), ("['/y', {append=true}]", ["/x", "/y"]), ("['/y', {append=false}]", ["/y"]),
      ("[]", []),
      ("[{append=true}]", ["/x"]),
    ] as [(String, [Path])]) func laterListsReplaceEarlierOnes(list: String, stores: [Path]) throws
  {
    let machine = try Machine([
      Self.etc: "[storage.options]\nadditionalimagestores=['/x']\nadditionallayerstores=['/x']\n",
      "\(Self.etc).d/a.conf":
        "[storage.options]\nadditionalimagestores=\(list)\nadditionallayerstores=\(list)\n",
      "/x/": "", "/y/": "",
    ])
    #expect(try machine.storage().additionalImageStores.value == stores)
    #expect(try machine.storage().additionalLayerStores.value == stores)
  }

  /// The files of the machine say where the stores of users are, but not the directory of one.
  @Test func rootsOfAnyDropInOfTheMachineAreNotForUsers() throws {
    for name in ["storage.conf.d", "storage.rootless.conf.d", "storage.rootless.conf.d/1000"] {
      for base in ["/etc/containers", "/usr/share/containers"] {
        let machine = try Machine([
          "\(base)/\(name)/a.conf": "[storage]\ngraphroot='/no'\nrunroot='/no'\ndriver='vfs'\n"
        ])
        let found = try machine.storage(user: 1000, ["XDG_RUNTIME_DIR": "/rt"])
        #expect(found.graphRoot.value == "/home/me/.local/share/containers/storage")
        #expect(found.runRoot.value == "/rt/containers")
        #expect(found.driver?.value == "vfs")
      }
    }
  }

  /// A user's file that names a root needs nothing of the machine's file.
  @Test(arguments: [
    ("graphroot='/g'", ["own"]), ("rootless_storage_path='/g'", ["own"]), ("graphroot=''", ["own", "machine"]),
    ("rootless_storage_path=''", ["own", "machine"]), ("driver='vfs'", ["own", "machine"]),
  ]) func theFileOfTheMachineIsReadIfItIsNeeded(line: String, keys: [String]) throws {
    let machine = try Machine([Self.own: "own=1\n[storage]\n\(line)\n", Self.etc: "machine=1\n"])
    #expect(try machine.storage(user: 1000).ignoredKeys.map(\.path) == keys)
  }

  @Test(arguments: [
    ("1000", "/home/me/.local/share"), ("0", "/var/lib"), ("x", "/var/lib"), ("-1", "/var/lib"),
    ("", "/home/me/.local/share"),
  ])
  func aUserOutsideOfANamespaceIsANumber(text: String, root: String) throws {
    let found = try Machine().storage(user: 1000, ["_CONTAINERS_ROOTLESS_UID": text])
    #expect(found.graphRoot.value == Path("\(root)/containers/storage"))
  }

  @Test(arguments: [
    "me:x:1000:1000:::/bin/sh", "me:x:1000:1000::/home/me", "me:x:1000:1000::/home/me:/bin/sh:x",
    "me:x:10000:1:::",
  ]) func otherLinesOfThePasswordFileNameNoHome(line: String) throws {
    let machine = try Machine(["/etc/passwd": "\(line)\n"])
    #expect(throws: Failure.self) { try machine.storage(user: 1000, ["HOME": ""]) }
  }

  @Test(arguments: [
    ("/$A_1/c", "/v/c"), ("/$A_1-x", "/v-x"), ("/${A_1}2", "/v2"), ("/$9_/c", "/_/c"),
    ("/$*a/$#b/$@c", "/a/b/c"),
    ("/$!d/$?e", "/d/e"), ("/a$", "/a$"), ("/${A_1", "/A_1"), ("/$a/z", "/lower/z"), ("/$Z", "/upper"),
  ]) func variablesHaveNames(text: String, path: Path) throws {
    let machine = try Machine([Self.etc: "storage = {graphroot='\(text)'}"])
    let environment = ["A_1": "v", "a": "lower", "Z": "upper"]
    #expect(try machine.storage(environment).graphRoot.value == path)
  }

  @Test func aStoreIsUsedAgainIfItIsTheSame() throws {
    let machine = try Machine([
      Self.etc: "[storage]\ndriver='vfs'\ngraphroot='/g'\nrunroot='/r'\nimagestore='/i'\n"
    ])
    let configured = try machine.storage()
    for (text, isSame) in [
      ("/g", true), ("vfs@/g", true), ("vfs@/g+/r", true), ("/g/+/r/", true), ("+/r", true),
      ("overlay@/g", false),
      ("/g+/other", false), ("vfs@/g+/other", false), ("vfs@/other+/r", false),
    ] {
      let found = try configured.selecting(StoreSpecification(text))
      #expect((found.imageStore != nil) == isSame, "\(text)")
    }
  }

  @Test func theImageStoreIsNotTheGraphRoot() throws {
    let machine = try Machine([Self.etc: "[storage]\ngraphroot='/g'\nimagestore='/g/'\n"])
    #expect(
      throws: Failure(
        .unavailable, Self.etc, "imagestore /g must either be not set or be a different than graphroot")
    ) { try machine.storage() }
    #expect(throws: Failure.self) { try machine.storage(options: StorageOptions(root: "/h", imageStore: "/h")) }
  }

  @Test func originsAreNamed() {
    let origins: [(SettingOrigin, String)] = [
      (.option("--root"), "--root"), (.environment("X"), "$X"), (.file("/f"), "/f"),
      (.specification, "store specification"), (.builtIn, "default"),
    ]
    for (origin, text) in origins { #expect("\(origin)" == text) }
  }

  @Test func missingPermissionIsNoAbsence() async {
    await #expect(processExitsWith: .success) {
      try becomeOrdinaryUser()
      let machine = try Machine([StorageRuleTests.etc: "[storage]\n", "/closed/x": ""])
      #expect(chmod(machine.root + StorageRuleTests.etc, 0) == 0)
      #expect(chmod(machine.root + "/closed", 0) == 0)
      #expect(throws: Failure(.noPermission, StorageRuleTests.etc, "Permission denied")) {
        try machine.storage()
      }
      #expect(chmod(machine.root + StorageRuleTests.etc, 0o644) == 0)
      #expect(throws: Failure(.noPermission, "/closed/x", "Permission denied")) {
        try machine.storage(["STORAGE_OPTS": "imagestore=/closed/x"])
      }
      #expect(chmod(machine.root + "/closed", 0o755) == 0)
    }
  }
}

/// Rules of registries.conf.
struct RegistriesRuleTests {
  static let main = "/etc/containers/registries.conf"
  static let registry = "[[registry]]\nlocation='a.b'\n"
  static let versionOne = "[registries.search]\nregistries=['quay.io']\n"

  /// Each key of version 2, and keys that count as not set.
  @Test(arguments: [
    ("credential-helpers=['x']", false), ("credential-helpers=[]", false),
    ("additional-layer-store-auth-helper='x'", false), ("additional-layer-store-auth-helper=''", true),
    ("short-name-mode='permissive'", false), ("short-name-mode=''", true),
    ("unqualified-search-registries=[]", false), ("aliases={}", false), ("registry=[]", false),
    ("other=1", true),
  ]) func versionsAreNotMixed(line: String, isRight: Bool) throws {
    let machine = try Machine([Self.main: line + "\n" + Self.versionOne])
    if isRight {
      #expect(try machine.registries().unqualifiedSearchRegistries == ["quay.io"])
    } else {
      #expect(throws: Failure(.badData, Self.main, "mixing sysregistry v1/v2 is not supported")) {
        try machine.registries()
      }
    }
  }

  @Test(arguments: ["search", "insecure", "block"]) func anyListIsOfVersionOne(name: String) throws {
    let machine = try Machine([Self.main: "[registries.\(name)]\nregistries=[]\n[aliases]\n"])
    #expect(throws: Failure(.badData, Self.main, "mixing sysregistry v1/v2 is not supported")) {
      try machine.registries()
    }
  }

  @Test(arguments: [
    registry + "[[registry.mirror]]\nlocation='c'\npull-from-mirror='all'\n",
    registry + "[[registry.mirror]]\nlocation='c'\npull-from-mirror='digest-only'\n",
    registry + "pull-from-mirror=''\n[[registry.mirror]]\nlocation='c'\npull-from-mirror=''\n",
    registry + "mirror-by-digest-only=true\n[[registry.mirror]]\nlocation='c'\n",
    registry + "insecure=true\nblocked=true\n" + registry + "insecure=true\nblocked=true\n",
    registry + "insecure=false\n" + registry,
    "[[registry]]\nprefix='*.b'\ninsecure=true\n[[registry]]\nprefix='*.c'\n",
  ]) func isRight(text: String) throws {
    #expect(try Machine([Self.main: text]).registries() == RegistriesConfiguration())
  }

  /// Every registry and every mirror is checked, whatever comes before it.
  @Test(arguments: [
    (
      registry + "[[registry.mirror]]\nlocation='c'\n[[registry.mirror]]\nlocation='d'\npull-from-mirror='x'\n",
      "unsupported pull-from-mirror value \"x\" for mirror \"d\""
    ),
    (
      registry + "[[registry.mirror]]\nlocation='c'\ninsecure=1\n",
      "registry.mirror.insecure: a boolean is expected, not an integer"
    ),
    (registry + "mirror=[1]\n", "registry.mirror: an array of tables is expected, not an integer"),
    (
      registry + "[[registry]]\nlocation='c.d'\n" + registry + "insecure=true\n",
      "registry 'a.b' is defined multiple times with conflicting 'insecure' setting"
    ),
    (
      registry + "[[registry]]\nlocation='c.d'\n" + registry + "blocked=true\n",
      "registry 'a.b' is defined multiple times with conflicting 'blocked' setting"
    ),
    (
      "[[registry]]\nprefix='*.b:1'\n",
      "wildcarded prefix should be in the format: *.example.com. Current prefix \"*.b:1\" is incorrectly formatted"
    ),
    (
      "[[registry]]\nprefix='*.b@c'\n",
      "wildcarded prefix should be in the format: *.example.com. Current prefix \"*.b@c\" is incorrectly formatted"
    ),
    (
      "[registries.insecure]\nregistries=['https://x']\n",
      "invalid location 'https://x': URI schemes are not supported"
    ),
    ("unqualified-search-registries={}\n", "unqualified-search-registries: an array is expected, not a table"),
  ]) func isWrong(text: String, reason: String) throws {
    let machine = try Machine([Self.main: text])
    #expect(throws: Failure(.badData, Self.main, reason)) { try machine.registries() }
  }

  /// Names are the same in any case, but not those of other lengths or letters.
  @Test(arguments: [
    ("UNQUALIFIED-search-Registries", true), ("unqualified-search-registrie", false),
    ("unqualified-search-registriez", false), ("unqualified_search-registries", false),
  ])
  func keysAreComparedWithoutCase(key: String, isRight: Bool) throws {
    let found = try Machine([Self.main: "\(key)=['quay.io']\n"]).registries()
    #expect(found.unqualifiedSearchRegistries == (isRight ? ["quay.io"] : []))
  }
}
