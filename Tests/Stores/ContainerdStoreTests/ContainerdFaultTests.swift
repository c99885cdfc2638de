import Diagnostics
import Digests
import ImageFiles
import ImageModel
import ImageRecord
import ImageSource
import POSIX
import StoreFixtures
import Testing

@testable import ContainerdStore

/// Stores that change, lack content or are damaged.
@Suite struct ContainerdFaultTests {
  private let fixture: ContainerdFixture

  init() throws {
    fixture = try ContainerdFixture()
  }

  private var database: String { "\(fixture.name)/io.containerd.metadata.v1.bolt/meta.db" }

  /// A database with some names of the index of several platforms.
  private func write(_ names: [String], transaction: UInt64 = 7) throws -> [UInt8] {
    let size: [UInt8] = [0xF4, 0x07]
    let target = BoltBuilder.Entry.bucket([
      ("digest", .value(Array(index.utf8))),
      ("mediatype", .value(Array(MediaType.ociIndex.description.utf8))), ("size", .value(size)),
    ])
    let images = names.map { (key: $0, entry: BoltBuilder.Entry.bucket([("target", target)])) }
    let bytes = BoltBuilder.database(
      [("v1", .bucket([("default", .bucket([("images", .bucket(images))]))]))], transaction: transaction)
    try fixture.folder.write(bytes, to: database)
    return bytes
  }

  @Test func numbersAreThoseOfGo() {
    #expect(signedNumber([0xF4, 0x07]) == 506)
    #expect(signedNumber([0x00]) == 0)
    #expect(signedNumber([0x01]) == -1)
    #expect(signedNumber([0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01]) == .max)
    #expect(signedNumber([UInt8](repeating: 0xFF, count: 9) + [0x01]) == .min)
    #expect(signedNumber([UInt8](repeating: 0xFF, count: 9) + [0x02]) == nil)
    #expect(signedNumber([UInt8](repeating: 0xFF, count: 12)[...]) == nil)
    #expect(signedNumber([0x80]) == nil)
    #expect(signedNumber([]) == nil)
  }

  @Test func anImageTaggedMeanwhileIsFound() throws {
    _ = try write(["docker.io/acme/app:1"])
    let catalog = try fixture.catalog()
    _ = try write(["docker.io/acme/app:2"], transaction: 8)
    #expect(try catalog.record(for: .name("acme/app:2")).id == c1)
    let failure = #expect(throws: Failure.self) { try catalog.record(for: .name("acme/app:1")) }
    #expect(failure?.kind == .notFound)
  }

  @Test func missingLayersAreExplained() throws {
    let record = try fixture.record("acme/app:multi")
    let layer = try #require(record.layers[1].layer.blob?.digest)
    try fixture.folder.remove(fixture.blob(layer))
    let failure = fixture.failure("acme/app:multi")
    #expect(failure?.kind == .unavailable)
    #expect(failure?.reason.contains("layer \(layer)") == true)
    #expect(failure?.reason.contains("discarded after unpacking") == true)
    // After the record was made, the image was removed.
    let later = #expect(throws: Failure.self) { try record.sourceLayers(from: [ContainerdStore.self]) }
    #expect(later?.kind == .tryAgain)
  }

  @Test func aLayerRemovedAfterItWasOpenedIsRead() throws {
    let record = try fixture.record("acme/app:multi")
    let layers = try record.sourceLayers(from: [ContainerdStore.self])
    let blob = try #require(record.layers[1].layer.blob?.digest)
    try fixture.folder.remove(fixture.blob(blob))
    #expect(try digest(of: layers[1].content) == blob)
  }

  @Test func missingAndChangedManifestsAreReported() throws {
    let record = try fixture.record("acme/app:plain")
    let path = fixture.blob(record.manifest.digest)
    try fixture.folder.write(Array(record.manifest.bytes.dropLast()) + [0x20], to: path)
    #expect(fixture.failure("acme/app:plain")?.kind == .badData)
    try fixture.folder.remove(path)
    #expect(fixture.failure("acme/app:plain")?.kind == .unavailable)
    #expect(try fixture.record("acme/app:multi").id == c1)
  }

  @Test func otherFoldersAreNoStores() throws {
    let folder = try TemporaryDirectory()
    func failure(_ root: String, _ namespace: String = "default") -> Failure? {
      let location = ContainerdLocation(root: Path(root), namespace: namespace)
      return #expect(throws: Failure.self) {
        try ContainerdCatalog(
          location, listsAll: false, platforms: PlatformChoice(PlatformRequest(wanted: { [] })))
      }
    }
    #expect(failure(folder.path)?.kind == .unavailable)
    try folder.write("x", to: "containerd/daemon/io.containerd.metadata.v1.bolt/meta.db")
    #expect(
      failure(folder.path)?.reason.contains("did you mean --root \(folder.path)/containerd/daemon") == true)
    #expect(failure(folder.at("containerd/daemon"))?.kind == .badData)
    let other = failure(fixture.root, "moby")
    #expect(other?.kind == .notFound)
    #expect(other?.reason.hasSuffix("there is default, k8s.io: use --namespace") == true)
  }

  @Test func theRootComesFromTheConfiguration() throws {
    let folder = try TemporaryDirectory()
    let file = Path(folder.at("config.toml"))
    func root(_ environment: [String: String] = [:], userID: UInt32 = 0) throws(Failure) -> Path {
      try ContainerdLocation.defaultRoot(environment: environment, userID: userID, configuration: file)
    }
    #expect(try root() == "/var/lib/containerd")
    try folder.write("version = 2\nroot = \"/data/containerd\"\n[grpc]\naddress = \"x\"\n", to: "config.toml")
    #expect(try root() == "/data/containerd")
    try folder.makeDirectory("data/containerd")
    #expect(try root(["XDG_DATA_HOME": folder.at("data")], userID: 1000) == Path(folder.at("data/containerd")))
    #expect(try root(["XDG_DATA_HOME": folder.at("data")]) == "/data/containerd")
    try folder.write("root = ", to: "config.toml")
    #expect(#expect(throws: Failure.self) { try root() }?.kind == .badData)
  }

  /// One flipped byte of the database: the right image or a failure.
  @Test(.timeLimit(.minutes(5))) func flippedBytesAreNoticed() throws {
    let names = ["docker.io/acme/app:1", "docker.io/acme/app:2"]
    let bytes = try write(names)
    var (read, refused) = (0, 0)
    for place in bytes.indices where bytes[place] != 0 || place % 11 == 0 {
      var flipped = bytes
      flipped[place] ^= 0x01
      try fixture.folder.write(flipped, to: database)
      do throws(Failure) {
        let record = try fixture.record("acme/app:2")
        read += 1
        if record.id != c1 || record.tags != ["docker.io/acme/app:2"] { Issue.record("byte \(place)") }
      } catch {
        refused += 1
        if ![.badData, .notFound, .unavailable].contains(error.kind) {
          Issue.record("byte \(place): \(error)")
        }
      }
    }
    #expect(read > 20)
    #expect(refused > 20)
  }
}
