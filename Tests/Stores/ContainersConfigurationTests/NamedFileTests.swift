import ContainersConfiguration
import Diagnostics
import POSIX
import Testing

/// Configuration files that a variable names, and that are no regular files.
@Suite(.timeLimit(.minutes(5))) struct NamedFileTests {
  static let store = "[storage]\ngraphroot='/fifo'\n"

  @Test(arguments: ["CONTAINERS_STORAGE_CONF", "CONTAINERS_STORAGE_CONF_OVERRIDE"])
  func aStoreIsReadFromAFIFO(variable: String) throws {
    let machine = try Machine()
    try machine.fifo("/pipe", Self.store)
    let found = try machine.storage([variable: "/pipe"])
    #expect(found.graphRoot == Setting("/fifo", from: .file("/pipe")))
  }

  @Test(arguments: ["CONTAINERS_REGISTRIES_CONF", "REGISTRIES_CONFIG_PATH"])
  func registriesAreReadFromAFIFO(variable: String) throws {
    let machine = try Machine(["/etc/containers/registries.conf": "unqualified-search-registries=['a.io']"])
    try machine.fifo("/pipe", "unqualified-search-registries=['b.io']\n[aliases]\nx='c.io/x'\n")
    let found = try machine.registries([variable: "/pipe"])
    #expect(found.unqualifiedSearchRegistries == ["b.io"])
    #expect(found.aliases == ["x": "c.io/x"])
  }

  @Test func aDeviceIsRead() throws {
    let machine = try Machine(["/dev/": "", "/etc/containers/registries.conf": "invalid"])
    try machine.linkToDevice("null")
    try machine.linkToDevice("zero")
    #expect(try machine.registries(["CONTAINERS_REGISTRIES_CONF": "/dev/null"]) == RegistriesConfiguration())
    #expect(
      try machine.storage(["CONTAINERS_STORAGE_CONF": "/dev/null"]).graphRoot
        == Setting("/var/lib/containers/storage", from: .builtIn))
    #expect(throws: Failure(.badData, "/dev/zero", "longer than 1048576 bytes")) {
      try machine.registries(["CONTAINERS_REGISTRIES_CONF": "/dev/zero"])
    }
    #expect(throws: Failure(.unavailable, "/dev/zero", "longer than 1048576 bytes")) {
      try machine.storage(["CONTAINERS_STORAGE_CONF": "/dev/zero"])
    }
  }

  /// A FIFO without a writer would block for ever.
  @Test(arguments: ["/etc/containers/storage.conf", "/usr/share/containers/storage.conf"])
  func aFIFOAtAPlaceOfTheStoreIsRefused(name: String) throws {
    let machine = try Machine()
    try machine.fifo(name, nil)
    #expect(throws: Failure(.unavailable, name, "not a regular file")) { try machine.storage() }
  }

  @Test(arguments: [
    "/etc/containers/registries.conf", "/etc/containers/registries.conf.d/a.conf",
    "/home/me/.config/containers/registries.conf", "/var/cache/containers/short-name-aliases.conf",
  ])
  func aFIFOAtAPlaceOfRegistriesIsRefused(name: String) throws {
    let machine = try Machine()
    try machine.fifo(name, nil)
    #expect(throws: Failure(.badData, name, "not a regular file")) { try machine.registries() }
  }

  @Test func aFIFOAmongDropInsIsSkipped() throws {
    let machine = try Machine(["/etc/containers/storage.conf": Self.store])
    try machine.fifo("/etc/containers/storage.conf.d/a.conf", nil)
    #expect(try machine.storage().graphRoot.value == "/fifo")
  }
}
