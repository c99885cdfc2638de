import ContainersConfiguration
import Foundation
import ImageReference
import Testing

/// The part of the upstream tables of whole resolutions that the configuration determines.
///
/// Builds references from alias and registries by simple rules; NameLookup tests the real candidate list.
struct ShortNameTests {
  struct Case: Decodable {
    let config: ConfigurationCase?
    let input: String
    let candidates: [String]
  }

  struct DropIns: Decodable {
    let configs: [ConfigurationCase]
    let cases: [Case]
  }

  static let main = "/etc/containers/registries.conf"

  /// The part of an input that selects an alias, and the rest.
  static func split(_ input: String) throws -> (repository: String, rest: String) {
    let name = try ImageReference.parse(input).name
    return (name, String(input.dropFirst(name.count)))
  }

  static func full(_ name: String) throws -> String {
    try ImageReference.parseNormalized(name).taggedWithLatest.description
  }

  @Test func aliasLookup() throws {
    struct Lookup: Decodable {
      let config: ConfigurationCase
      let input: String
      let value: String
    }
    for test in try Fixture.cases("registries.alias-lookup", count: 3, as: Lookup.self) {
      let found = try Machine([Self.main: test.config.text]).registries()
      #expect(found.alias(for: test.input) == test.value)
    }
  }

  @Test(arguments: [("shortnames.resolve-alias", 8), ("shortnames.search-registries", 6)])
  func aliasElseSearch(_ table: String, _ count: Int) throws {
    for test in try Fixture.cases(table, count: count, as: Case.self) {
      let found = try Machine([Self.main: #require(test.config).text]).registries()
      let (repository, rest) = try Self.split(test.input)
      var names = [test.input]
      if ImageReference.isShortName(test.input) {
        names =
          found.alias(for: repository).map { [$0 + rest] }
          ?? found.unqualifiedSearchRegistries.map { "\($0)/\(test.input)" }
      }
      #expect(try names.map(Self.full) == test.candidates, "\(test.input)")
    }
  }

  @Test func aliasAndSearch() throws {
    for test in try Fixture.cases("shortnames.resolve-locally", count: 5, as: Case.self) {
      let found = try Machine([Self.main: #require(test.config).text]).registries()
      let (repository, rest) = try Self.split(test.input)
      var names = [test.input]
      if ImageReference.isShortName(test.input) {
        let prefixes = ["localhost"] + found.unqualifiedSearchRegistries
        names =
          (found.alias(for: repository).map { [$0 + rest] } ?? []) + prefixes.map { "\($0)/\(test.input)" }
      }
      #expect(try names.map(Self.full) == test.candidates, "\(test.input)")
    }
  }

  @Test func dropIns() throws {
    let table = try Fixture.value("shortnames.resolve-drop-ins", as: DropIns.self)
    try #require(table.configs.count == 5 && table.cases.count == 14)
    let machine = try Machine([Self.main + ".d/config-3.ignore": "[aliases]\ndocker='quay.io/ignored'\n"])
    for config in table.configs {
      switch config.file {
      case nil: try machine.write(Self.main, config.text)
      case "short-name-aliases.conf"?:
        try machine.write("/var/cache/containers/short-name-aliases.conf", config.text)
      case let name?: try machine.write("\(Self.main).d/\(name)", config.text)
      }
    }
    let found = try machine.registries()
    #expect(found.unqualifiedSearchRegistries == ["example-overwrite.com"])
    for test in table.cases {
      let (repository, rest) = try Self.split(test.input)
      let alias = try #require(found.alias(for: repository), "\(test.input)")
      #expect(try [Self.full(alias + rest)] == test.candidates)
    }
  }
}
