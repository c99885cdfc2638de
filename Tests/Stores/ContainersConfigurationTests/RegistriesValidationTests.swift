import ContainersConfiguration
import Diagnostics
import Foundation
import POSIX
import Testing

/// Errors that make the whole configuration fail; podman 4.3.1 gave the same answer to each text.
struct RegistriesValidationTests {
  static let main = "/etc/containers/registries.conf"
  static let alias = "[aliases]\nfoo='quay.io/acme/foo'\n"
  static let registry = "[[registry]]\nlocation='a.b'\n"

  @Test(arguments: [
    "", alias, "\r\n[aliases]\r\nfoo='quay.io/acme/foo'\r\n", "short-name-mode=''\n" + alias,
    "short-name-mode='enforcing'\n" + alias, "[Aliases]\nfoo='quay.io/acme/foo'\n",
    "unqualified-search-registries=['quay.io///', 'localhost:5000', 'word']", alias + "[zzz]\nc=1\n",
    "[[registry]]\nprefix='*.b'\n", registry + "[[registry]]\nlocation='a.b'\nprefix='c.d'\n",
    registry + "[[registry.mirror]]\nlocation='c'\npull-from-mirror='tag-only'\n",
    "[registries.search]\nregistries=['quay.io']\n", "[registries.zzz]\nregistries=['quay.io']\n" + alias,
    "credential-helpers=['x']\n" + alias,
  ]) func valid(_ text: String) throws {
    _ = try Machine([Self.main: text]).registries()
  }

  @Test(arguments: [
    ("unqualified-search-registries=['']", "Invalid unqualified-search-registries entry \"\""),
    (
      "unqualified-search-registries=['quay.io/acme']",
      "Invalid unqualified-search-registries entry \"quay.io/acme\""
    ),
    ("unqualified-search-registries=['quay.io:']", "Invalid unqualified-search-registries entry \"quay.io:\""),
    ("unqualified-search-registries=['a@b']", "Invalid unqualified-search-registries entry \"a@b\""),
    (
      "unqualified-search-registries=['http://quay.io']",
      "invalid location 'http://quay.io': URI schemes are not supported"
    ),
    (
      "unqualified-search-registries='quay.io'",
      "unqualified-search-registries: an array is expected, not a string"
    ),
    (
      "unqualified-search-registries=[1]",
      "unqualified-search-registries: an array of strings is expected, not an integer"
    ),
    ("short-name-mode='xxx'", "invalid short-name mode: \"xxx\""),
    ("short-name-mode=1", "short-name-mode: a string is expected, not an integer"),
    ("[aliases]\n'a:b'='quay.io/x/y'", "invalid short name \"a:b\": must not contain tag"),
    ("[aliases]\n'quay.io/b'='quay.io/x/y'", "invalid short name \"quay.io/b\": must not contain registry"),
    ("[aliases]\nFoo='quay.io/x/y'", "cannot parse short name: \"Foo\": repository name must be lowercase"),
    ("[aliases]\nb='quay.io/x/y:1'", "invalid alias \"quay.io/x/y:1\": must not contain tag"),
    ("[aliases]\nb='x/y'", "invalid alias \"x/y\": must contain registry and repository"),
    ("[aliases]\nb=1", "aliases.b: a string is expected, not an integer"),
    ("aliases=1", "aliases: a table is expected, not an integer"),
    ("[[registry]]\ninsecure=true", "invalid condition: both location and prefix are unset"),
    (
      "[[registry]]\nprefix='a.b'",
      "invalid condition: location is unset and prefix is not in the format: *.example.com"
    ),
    (
      "[[registry]]\nprefix='*.b/c'",
      "wildcarded prefix should be in the format: *.example.com. Current prefix \"*.b/c\" is incorrectly formatted"
    ),
    ("[[registry]]\nlocation='https://a'", "invalid location 'https://a': URI schemes are not supported"),
    (
      registry + "[[registry]]\nlocation='a.b/'\nprefix='c.d'\nblocked=true",
      "registry 'a.b' is defined multiple times with conflicting 'blocked' setting"
    ),
    (
      registry + "[[registry]]\nlocation='a.b'\nprefix='c.d'\ninsecure=true",
      "registry 'a.b' is defined multiple times with conflicting 'insecure' setting"
    ),
    (registry + "[[registry.mirror]]\ninsecure=true", "invalid condition: mirror location is unset"),
    (
      registry + "[[registry.mirror]]\nlocation='c'\npull-from-mirror='x'",
      "unsupported pull-from-mirror value \"x\" for mirror \"c\""
    ),
    (
      registry + "mirror-by-digest-only=true\n[[registry.mirror]]\nlocation='c'\npull-from-mirror='all'",
      "cannot set mirror usage mirror-by-digest-only for the registry (\"a.b\") and pull-from-mirror for per-mirror (\"c\") at the same time"
    ),
    (registry + "pull-from-mirror='all'", "pull-from-mirror must not be set for a non-mirror registry \"a.b\""),
    (registry + "insecure='true'", "registry.insecure: a boolean is expected, not a string"),
    ("[registry]\nlocation='a.b'", "registry: an array is expected, not a table"),
    ("[registries.search]\nregistries=['quay.io']\n" + alias, "mixing sysregistry v1/v2 is not supported"),
    (
      "[registries.block]\nregistries=['http://x']",
      "invalid location 'http://x': URI schemes are not supported"
    ),
    ("#\u{0}", "NUL byte in the file"),
  ]) func invalid(_ text: String, _ reason: String) throws {
    let machine = try Machine([Self.main: text])
    #expect(throws: Failure(.badData, Self.main, reason)) { try machine.registries() }
  }

  @Test(arguments: [
    "a='b'\na='c'", "a={\nb=1,\n}", "a='", "[a", "a=1979-13-01", "a=" + String(repeating: "[", count: 5000),
  ])
  func syntax(_ text: String) throws {
    let machine = try Machine([Self.main: text])
    let failure = try #require(throws: Failure.self) { try machine.registries() }
    #expect(failure.kind == .badData)
    #expect(failure.subject == Self.main)
    #expect(failure.reason.hasPrefix("line "))
  }

  @Test func otherBytes() throws {
    let machine = try Machine()
    try machine.write(Self.main, Data("#\u{e9}".unicodeScalars.map { UInt8($0.value) }))
    #expect(throws: Failure(.badData, Self.main, "not UTF-8")) { try machine.registries() }
    try machine.write(Self.main, "[aliases]\n\"b\\u0000c\" = 'quay.io/a'")
    #expect(throws: Failure.self) { try machine.registries() }
    try machine.write(Self.main, "[aliases]\nb = \"quay.io/a\\u0000\"")
    #expect(throws: Failure.self) { try machine.registries() }
    // Irrelevant, but valid TOML.
    try machine.write(Self.main, "a = {\"b\\u0000c\" = 1}")
    #expect(try machine.registries() == RegistriesConfiguration())
  }

  @Test func versionOneIsNoDropIn() throws {
    let name = Self.main + ".d/a.conf"
    let machine = try Machine([name: "[registries.search]\nregistries=[]\n"])
    #expect(throws: Failure(.badData, name, "registry must be in v2 format but is in v1")) {
      try machine.registries()
    }
  }

  struct Validity: Decodable {
    let input: String
    let valid: Bool
  }

  /// The tables of TestValidateShortName and TestParseShortNameValue.
  ///
  /// An empty alias is an invalid value, but in a file it means that there is no alias.
  @Test func upstreamAliases() throws {
    for test in try Fixture.cases("registries.alias-name", count: 7, as: Validity.self) {
      let found = try? Machine([Self.main: "[aliases]\n'\(test.input)'='quay.io/a'"]).registries()
      #expect((found != nil) == test.valid, "\(test.input)")
    }
    for test in try Fixture.cases("registries.alias-value", count: 9, as: Validity.self) {
      let found = try? Machine([Self.main: "[aliases]\na='\(test.input)'"]).registries()
      #expect((found?.alias(for: "a") != nil) == test.valid, "\(test.input)")
    }
  }

  struct Mode: Decodable {
    let input: String
    let error: Bool
  }

  /// The table of TestParseShortNameMode, without the empty mode, which in a file counts as not set.
  @Test func upstreamModes() throws {
    for test in try Fixture.cases("registries.short-name-mode", count: 5, as: Mode.self)
    where !test.input.isEmpty {
      let found = try? Machine([Self.main: "short-name-mode='\(test.input)'"]).registries()
      #expect((found == nil) == test.error, "\(test.input)")
    }
  }

  struct VersionOne: Decodable {
    struct List: Decodable {
      let registries: [String]?
      enum CodingKeys: String, CodingKey { case registries = "Registries" }
    }
    let input: [String: List]
    let hasSetField: Bool
  }

  /// The table of TestV1RegistriesConfHasSetField: a set field cannot be mixed with version 2.
  @Test func upstreamVersionOne() throws {
    for test in try Fixture.cases("registries.v1-detect", count: 5, as: VersionOne.self) {
      var text = Self.alias
      for (name, list) in test.input {
        if let registries = list.registries {
          text += "[registries.\(name.lowercased())]\nregistries=[\(registries.map { "'\($0)'" }.joined())]\n"
        }
      }
      let machine = try Machine([Self.main: text])
      #expect(((try? machine.registries()) == nil) == test.hasSetField, "\(text)")
    }
  }
}
