import ContainersConfiguration
import ContainersStorage
import Diagnostics
import Foundation
import ImageFiles
import ImageReference
import POSIX
import Testing

@testable import NameLookup

struct TransportCase: Decodable, Sendable {
  let input: String
  var transport: String?
}

struct IndexCase: Decodable, Sendable {
  let input: String
  var image: String?
  var index: Int?
  let error: Bool
}

struct SplitCase: Decodable, Sendable {
  let input: String
  let dir: String
  let image: String
}

struct SpecifierCase: Decodable, Sendable {
  let input: String
  let driver: String?
  let graphRoot: String?
  let runRoot: String?
  let error: Bool
}

struct StorageCase: Decodable, Sendable {
  let input: String
  let named: String?
  let id: String?
  let error: Bool
}

@Suite struct TransportTests {
  /// Checks only whether the transport accepts the text, not how it prints it.
  @Test(arguments: try Fixture.cases("transports.image-name", count: 6, as: TransportCase.self))
  func takesReferences(_ row: TransportCase) throws {
    let (transport, rest) = try #require(Transport.split(row.input))
    #expect(transport.rawValue == row.transport)
    #expect(transport.accepts(rest, files: .fixture))
  }

  @Test(arguments: try Fixture.cases("transports.invalid-names", count: 4, as: TransportCase.self))
  func refusesWhatIsNone(_ row: TransportCase) {
    #expect(Transport.split(row.input)?.transport.accepts("", files: .fixture) != true)
  }

  @Test(arguments: try Fixture.cases("transports.oci-index", count: 4, as: IndexCase.self))
  func readsIndexes(_ row: IndexCase) {
    #expect((imageIndex(row.input[...]) ?? -1) == (row.error ? -1 : row.index))
    #expect(Transport.oci.accepts("/tmp:\(row.input)", files: .fixture) == !row.error)
  }

  @Test(arguments: try Fixture.cases("transports.oci-split", count: 3, as: SplitCase.self))
  func splitsLayouts(_ row: SplitCase) {
    let (path, name) = splitLayout(row.input[...])
    #expect(path == row.dir)
    #expect(name == row.image)
  }

  @Test(arguments: try Fixture.cases("storage.store-specifier", count: 8, as: SpecifierCase.self))
  func readsStoreSpecifiers(_ row: SpecifierCase) throws {
    let text = row.input.replacing("{driver}", with: "overlay").replacing("{root}", with: "/root-")
    // The table refuses this specifier without a driver for a reason that depends on its store.
    guard row.input != "[{root}suffix1]busybox" else { return }
    let specification = try? StoreSpecification.split(text).specification
    #expect((specification == nil) == row.error)
    #expect(specification?.driver == row.driver?.replacing("{driver}", with: "overlay"))
    #expect(specification?.graphRoot == row.graphRoot?.replacing("{root}", with: "/root-"))
    #expect(specification?.runRoot == row.runRoot?.replacing("{root}", with: "/root-"))
    if let specification { #expect(specification.options == ["options", "options", "options"]) }
  }

  @Test(arguments: try Fixture.cases("storage.parse-store-reference", count: 18, as: StorageCase.self))
  func readsStorageReferences(_ row: StorageCase) throws {
    let snapshot = try FixtureStore(records: "[]").snapshot()
    let reference = StorageReference(parsing: row.input[...], in: snapshot)
    #expect((reference == nil) == row.error)
    #expect(reference?.name?.description == row.named)
    #expect(reference?.id == row.id)
  }

  @Test func neverReadsStandardInput() {
    #expect(Transport.tarball.accepts("-", files: .fixture))
    #expect(Transport.tarball.accepts("/etc/passwd:-", files: .fixture))
    #expect(!Transport.tarball.accepts("-:nosuch", files: .fixture))
  }

  @Test func looksAtRealFiles() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "probe-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let base = folder.path
    try Data().write(to: folder.appending(path: "file"))
    try FileManager.default.createSymbolicLink(atPath: base + "/dangling", withDestinationPath: "nosuch")
    func accepts(_ path: String) -> Bool { FileProbe.real.acceptsPath(path[...]) }
    #expect(accepts(base))
    #expect(accepts(base + "/new"))
    #expect(accepts("//" + base))
    #expect(accepts("new-in-current-directory"))
    #expect(accepts("/proc/self/fd/nosuch"))
    #expect(!accepts(base + "/dangling"))
    #expect(!accepts(base + "/no/such"))
    #expect(!accepts(base + "/file/below"))
    #expect(FileProbe.real.isReadable(Path(base + "/file")))
    #expect(!FileProbe.real.isReadable(Path(base + "/nosuch")))
  }

  @Test func opensOtherStores() throws {
    let store = try FixtureStore(records: "[]")
    let other = try FixtureStore("main")
    let location = other.location()
    var options = LookupOptions.fixture()
    options.openStore = { specification throws(Failure) in
      guard specification.graphRoot.map({ Path($0) }) == location.root, specification.driver == "overlay",
        specification.options == ["a", "b"]
      else { throw Failure(.unavailable, "store", "not the one") }
      return try StoreSnapshot(of: location)
    }
    let snapshot = try store.snapshot()
    let found = try lookUpImage(
      "containers-storage:[overlay@\(other.root):a,b]localhost/foo", in: snapshot, options: options)
    #expect(found.image.idText.hasPrefix("f437"))
    #expect(found.store.location == location)
    let notes = Notes()
    options.note = { notes.append($0) }
    #expect(throws: Failure.self) {
      try lookUpImage("containers-storage:[/nosuch]foo", in: snapshot, options: options)
    }
    #expect(notes.all == [.noStore(Failure(.unavailable, "store", "not the one"))])
  }
}
