import ContainersStorage
import Diagnostics
import Foundation
import NameLookup
import Testing

/// A result of LookupImage of the newest libimage.
struct LookupCase: Decodable, Sendable {
  let input: String
  var id: String?
  var resolvedName: String?
  var byID: Bool?
  var error: String?
  /// Whether the error says that the image is not known.
  var unknown: Bool?

  func check(_ store: FixtureStore, with additional: [FixtureStore] = [], _ options: LookupOptions) throws {
    let text = input.replacing("{root}", with: store.root).replacing("{run}", with: "/run/none")
    let snapshot = try store.snapshot(with: additional)
    do throws(Failure) {
      let found = try lookUpImage(text, in: snapshot, options: options)
      #expect(found.image.idText == id)
      #expect(found.resolvedName == resolvedName)
      #expect(found.byID == byID)
      #expect(error == nil)
    } catch {
      let expected = self.error?.replacing("{root}", with: store.root).replacing(
        "{run}", with: "/run/none")
      #expect(
        error.subject.isEmpty ? error.reason == expected : "\(error.subject): \(error.reason)" == expected)
      #expect((error.kind == .notFound) == unknown)
    }
  }
}

@Suite struct LookupOracleTests {
  /// One message differs: libimage asks for a "64-byte hexadecimal value".
  @Test(arguments: try Fixture.cases("lookup.main", count: 160, as: LookupCase.self))
  func findsAsTheOriginal(_ row: LookupCase) throws {
    var row = row
    row.error = row.error?.replacing(
      "invalid format: no 64-byte hexadecimal value", with: "after \"sha256:\" 64 hexadecimal digits are needed"
    )
    try row.check(FixtureStore("main"), .fixture())
  }

  @Test(arguments: try Fixture.cases("lookup.search", count: 12, as: LookupCase.self))
  func searchesRegistriesAndAliases(_ row: LookupCase) throws {
    try row.check(FixtureStore("main"), .fixture(shortNames: FixtureShortNames.searching))
  }

  @Test(arguments: try Fixture.cases("lookup.additional-store", count: 15, as: LookupCase.self))
  func searchesAdditionalStores(_ row: LookupCase) throws {
    try row.check(
      FixtureStore("additional-store"), with: [FixtureStore("additional-store.extra")], .fixture())
  }

  /// Two cases differ: libimage fails at an invalid stored name, here the name is skipped.
  @Test(arguments: try Fixture.cases("lookup.bad-name", count: 9, as: LookupCase.self))
  func passesOverNamesThatAreNone(_ row: LookupCase) throws {
    var row = row
    let digest = "sha256:98f7aa3b3ede13f4a47e1acf6e549fe7e5b0bb910b1115552d4c072cfdc7f620"
    switch row.input {
    case "nosuch": (row.error, row.unknown) = ("nosuch: image not known", true)
    case "dig@" + digest:
      row.id = "d7290f6a93e310cef054332d1768017573e92eb7078f630b9c3ec16b79c52623"
      (row.resolvedName, row.byID, row.error, row.unknown) = ("quay.io/acme/dig@" + digest, false, nil, nil)
    default: break
    }
    try row.check(FixtureStore("bad-name"), .fixture())
  }

  @Test(arguments: try Fixture.cases("lookup.broken-config", count: 8, as: LookupCase.self))
  func knowsNoShortNamesWithABrokenConfiguration(_ row: LookupCase) throws {
    let notes = Notes()
    let names = FixtureShortNames.broken
    try row.check(FixtureStore("main"), .fixture(shortNames: names, notes: notes))
    #expect(notes.all == (row.unknown == true ? names.failure.map { [.noCandidates($0)] } : []))
  }

  @Test(arguments: try Fixture.cases("lookup.duplicate-names", count: 6, as: LookupCase.self))
  func lastRecordOwnsAName(_ row: LookupCase) throws {
    try row.check(FixtureStore("duplicate-names"), .fixture())
  }

  @Test(arguments: try Fixture.cases("lookup.missing-instance", count: 5, as: LookupCase.self))
  func missesInstances(_ row: LookupCase) throws {
    try row.check(FixtureStore("missing-instance"), .fixture())
  }

  @Test(arguments: try Fixture.cases("lookup.missing-manifest", count: 4, as: LookupCase.self))
  func findsImagesWithoutManifest(_ row: LookupCase) throws {
    let notes = Notes()
    let foo = "f437773035f7350ee6ef4fdb20ced9e808162735507f28b709fef3c8e9dcb2b7"
    try row.check(
      FixtureStore("missing-manifest", without: (id: foo, name: "manifest")), .fixture(notes: notes))
    #expect(notes.all.count == (row.resolvedName?.isEmpty == true ? 0 : 1))
  }
}
