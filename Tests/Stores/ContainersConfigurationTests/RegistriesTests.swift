import ContainersConfiguration
import Diagnostics
import Foundation
import POSIX
import Testing

/// The files of the registries.conf configuration, and how they are merged.
struct RegistriesTests {
  static let main = "/etc/containers/registries.conf"
  static let own = "/home/me/.config/containers/registries.conf"

  static func search(_ registries: String...) -> String {
    "unqualified-search-registries = [\(registries.map { "'\($0)'" }.joined(separator: ","))]\n"
  }

  @Test func nothingConfigured() throws {
    #expect(try Machine().registries() == RegistriesConfiguration())
    #expect(try Machine().registries(user: 1000) == RegistriesConfiguration())
  }

  struct PathCase: Decodable {
    struct Input: Decodable {
      let userRegistriesConfPresent: Bool
      let systemRegistriesConfPath: String?
      let rootForImplicitAbsolutePaths: String?
    }
    let input: Input
    let configPath: String
  }

  /// The table of TestNewConfigWrapper; here variables set its system path.
  ///
  /// `$HOME` in a path is not expanded: it names a file that does not exist.
  @Test func upstreamPaths() throws {
    for test in try Fixture.cases("registries.config-path", count: 6, as: PathCase.self) {
      let path = test.configPath.replacingOccurrences(of: "{home}", with: "/home/me")
      let machine = try Machine([Self.main: Self.search("main.io")])
      if test.input.userRegistriesConfPresent { try machine.write(Self.own, Self.search("own.io")) }
      var environment: [String: String] = [:]
      if let named = test.input.systemRegistriesConfPath { environment["CONTAINERS_REGISTRIES_CONF"] = named }
      if path.hasPrefix("$") {
        #expect(
          throws: Failure(.other, "$HOME", "No such file or directory (named by $CONTAINERS_REGISTRIES_CONF)")
        ) {
          try machine.registries(environment)
        }
        continue
      }
      try machine.write(path, Self.search("wanted.io"))
      #expect(try machine.registries(environment).unqualifiedSearchRegistries == ["wanted.io"], "\(path)")
    }
  }

  @Test func variables() throws {
    let machine = try Machine([
      Self.main: Self.search("main.io"), "/a": Self.search("a.io"), "/b": Self.search("b.io"),
    ])
    func found(_ environment: [String: String]) throws -> [String] {
      try machine.registries(environment).unqualifiedSearchRegistries
    }
    #expect(try found(["CONTAINERS_REGISTRIES_CONF": "/a", "REGISTRIES_CONFIG_PATH": "/b"]) == ["a.io"])
    #expect(try found(["REGISTRIES_CONFIG_PATH": "/b"]) == ["b.io"])
    #expect(try found(["CONTAINERS_REGISTRIES_CONF": "", "REGISTRIES_CONFIG_PATH": "/b"]) == ["main.io"])
    #expect(try found(["XDG_CONFIG_HOME": "/elsewhere"]) == ["main.io"])
    #expect(throws: Failure(.other, "/c", "No such file or directory (named by $REGISTRIES_CONFIG_PATH)")) {
      try found(["REGISTRIES_CONFIG_PATH": "/c"])
    }
  }

  @Test func dropInsAreMerged() throws {
    let machine = try Machine([
      Self.main: Self.search("main.io") + "[aliases]\na='main.io/a'\nb='main.io/b'\n",
      Self.main + ".d/z.conf": Self.search() + "[aliases]\nb=''\nc='z.io/c'\n",
      Self.own + ".d/a.conf": "[aliases]\nc='docker.io/c'\n",
      Self.main + ".d/ignored": "this is no TOML", Self.main + ".d/dir.conf/x.conf": "this is no TOML",
    ])
    try machine.link(Self.main + ".d/link.conf", to: "/linked")
    try machine.link(Self.main + ".d/dangling.conf", to: "/none")
    try machine.write("/linked", "[aliases]\nd='link.io/d'\n")
    let found = try machine.registries()
    #expect(found.unqualifiedSearchRegistries == [], "an empty list replaces one as well")
    #expect(found.aliases == ["a": "main.io/a", "c": "docker.io/library/c", "d": "link.io/d"])
    #expect(found.alias(for: "b") == nil)
    try machine.write(Self.own, Self.search("own.io"))
    let own = try machine.registries()
    #expect(own.unqualifiedSearchRegistries == ["own.io"])
    #expect(own.aliases == ["c": "docker.io/library/c"], "the machine's drop-ins go with the machine's file")
  }

  @Test func directoryBehindALinkIsIgnored() throws {
    let machine = try Machine(["/real/a.conf": Self.search("a.io")])
    try machine.link(Self.main + ".d", to: "/real")
    #expect(try machine.registries() == RegistriesConfiguration())
  }

  @Test func recordedAliases() throws {
    let name = "containers/short-name-aliases.conf"
    let machine = try Machine([
      Self.main: "[aliases]\na='main.io/a'\nb='main.io/b'\n",
      "/var/cache/\(name)": "[aliases]\na=''\nb='root.io/b'\n",
      "/home/me/.cache/\(name)": "[aliases]\nb='me.io/b'\n", "/c/\(name)": "[aliases]\nb='c.io/b'\n",
    ])
    #expect(try machine.registries().aliases == ["b": "root.io/b"], "an empty value wins too")
    #expect(try machine.registries(user: 1000).aliases == ["a": "main.io/a", "b": "me.io/b"])
    #expect(try machine.registries(user: 1000, ["XDG_CACHE_HOME": "/c"]).alias(for: "b") == "c.io/b")
    #expect(try machine.registries(["_CONTAINERS_ROOTLESS_UID": "1000"]).alias(for: "b") == "me.io/b")
    try machine.write("/var/cache/\(name)", "[aliases]\na='x'\n")
    #expect(
      throws: Failure(
        .badData, "/var/cache/\(name)", "invalid alias \"x\": must contain registry and repository")
    ) { try machine.registries() }
  }
}
