import ContainersStorage
import Diagnostics
import Digests
import ImageFormats
import ImageManifest
import ImageRecord
import JSON
import POSIX
import Saving
import StoreFixtures
import Testing

/// A damaged store: the message names the place, and there is no target afterwards.
@Suite(.timeLimit(.minutes(5))) struct StoreFaultTests {
  private static let name = "localhost/sample:1.0"
  let fixture: Fixture
  private let layer: String
  private let image: String

  init() throws {
    fixture = try Fixture(golden: false)
    layer = String(try #require(fixture.store.layers[1]["id"]).dropFirst().dropLast())
    image = String(try #require(fixture.store.images[0]["id"]).dropFirst().dropLast())
  }

  private var folder: TemporaryDirectory { fixture.folder }
  private var hello: String { "store/overlay/\(layer)/diff/usr/bin/hello" }

  /// Saves the sample, which must fail; returns the failure.
  private func failure(
    _ change: (inout [ImageRecord]) throws -> Void = { _ in }, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Failure {
    let failure = #expect(throws: Failure.self, sourceLocation: sourceLocation) {
      var records = try resolve([Self.name], in: fixture.store.location)
      try change(&records)
      _ = try archive(records, in: folder)
    }
    #expect(folder.entries() == ["store"], sourceLocation: sourceLocation)
    return try #require(failure, sourceLocation: sourceLocation)
  }

  @Test func aDamagedFileIsNamed() throws {
    var bytes = try folder.read(hello)
    bytes[100_000] ^= 1
    try folder.write(bytes, to: hello)
    let failure = try failure()
    #expect(failure.kind == .badData)
    #expect(failure.subject == Self.name)
    let start = "layer \(layer.prefix(12)): damaged file \"usr/bin/hello\" (digest mismatch: expected "
    #expect(failure.reason.hasPrefix(start + "sha256:"))
  }

  @Test func aMissingFileIsNamed() throws {
    try folder.remove(hello)
    let reason = "layer \(layer.prefix(12)): file \"usr/bin/hello\": No such file or directory"
    #expect(try failure() == Failure(.badData, Self.name, reason))
  }

  @Test func aFIFOInPlaceOfAFileIsNamed() throws {
    try folder.remove(hello)
    try folder.makeFIFO(hello)
    let reason = "layer \(layer.prefix(12)): file \"usr/bin/hello\": not a regular file"
    #expect(try failure() == Failure(.badData, Self.name, reason))
  }

  @Test(arguments: ["overlay-layers/LAYER.tar-split.gz", "overlay/LAYER", "overlay/LAYER/diff"])
  func aMissingPartOfALayerIsNamed(path: String) throws {
    let path = "store/" + path.replacing("LAYER", with: layer)
    try folder.remove(path)
    #expect(try failure().description.contains(folder.at(path)))
  }

  @Test(arguments: ["config", "manifest"])
  func aMissingItemIsNamed(item: String) throws {
    let key = item == "config" ? "sha256:" + image : item
    let path = fixture.store.bigDataPath(ofImage: image, key: key)
    try folder.remove(String(path.dropFirst(folder.path.count + 1)))
    let failure = try failure()
    #expect(failure.kind == .badData)
    #expect(failure.subject == Self.name)
    #expect(failure.reason.hasPrefix("image \(image.prefix(12)): item \"\(key)\" is missing"))
  }

  @Test func aChangedConfigIsRefused() throws {
    let path = fixture.store.bigDataPath(ofImage: image, key: "sha256:" + image).dropFirst(
      folder.path.count + 1)
    var bytes = try folder.read(String(path))
    bytes[bytes.count - 3] ^= 1
    try folder.write(bytes, to: String(path))
    let failure = try failure()
    #expect(failure == Failure(.badData, Self.name, "config sha256:\(image): data does not match the digest"))
  }

  /// The manifest may be valid, but it is not the one that the image was stored with.
  @Test func aChangedManifestIsRefused() throws {
    let path = String(
      fixture.store.bigDataPath(ofImage: image, key: "manifest").dropFirst(folder.path.count + 1))
    let manifest = try folder.read(path)
    try folder.write(manifest + [0x0A], to: path)
    let reason = "manifest \(SHA256.digest(of: manifest)): data does not match the digest"
    #expect(try failure() == Failure(.badData, Self.name, reason))
  }

  /// The manifest has three layers; the chain in the store has fewer or more.
  @Test func aChainOfAnotherLengthIsRefused() throws {
    var store = fixture.store
    store.images[0]["layer"] = store.layers[1]["id"]
    try store.write()
    #expect(try failure().kind == .badData)
    store.images[0]["layer"] = nil
    try store.write()
    #expect(try failure().kind == .badData)
  }

  @Test(arguments: ["0", "1", "1000000000000"])
  func aWrongSizeIsRefused(size: String) throws {
    var store = fixture.store
    store.layers[1]["diff-size"] = size
    try store.write()
    #expect(try failure().kind == .badData)
  }

  @Test func aWrongDigestIsRefused() throws {
    var store = fixture.store
    store.layers[1]["diff-digest"] = quoted("sha256:" + String(repeating: "0", count: 64))
    try store.write()
    #expect(try failure().kind == .badData)
  }

  @Test func aRecordCannotPassOneLayerForAnother() throws {
    let failure = try failure { records in
      records[0].layers[1].locator = records[0].layers[0].locator
    }
    #expect(failure.kind == .badData)
    #expect(failure.subject == Self.name)
    #expect(failure.reason.contains("mismatch"))
  }

  @Test(arguments: ["../../etc", "", String(repeating: "A", count: 64)])
  func aRecordsLayerIDsAreChecked(id: String) throws {
    let locator = try RecordObject { json in
      json.key("layer")
      json.string(id)
    }
    let failure = try failure { records in records[0].layers[0].locator = locator }
    #expect(failure == Failure(.badData, Self.name, "invalid layer ID \"\(id)\""))
  }

  @Test func aRecordOfAnotherFamilyIsRefused() throws {
    let failure = try failure { records in records[0] = try records[0].converted(to: .oci) }
    #expect(failure.kind == .badData)
    #expect(failure.reason == "format docker-archive needs another manifest (img-manifest --to docker)")
  }

  @Test func aRecordOfAnotherStoreIsRefused() throws {
    func failure(root: Path, driver: String) throws -> Failure {
      let storage = RecordStorage(
        kind: ContainersStore.kind,
        members: try RecordObject { json in
          json.key("root")
          json.string("\(root)")
          json.key("driver")
          json.string(driver)
        })
      return try self.failure { records in records[0].storage = storage }
    }
    #expect(try failure(root: fixture.store.location.root, driver: "zfs").kind == .unavailable)
    #expect(try failure(root: "/nowhere", driver: "overlay").kind == .unavailable)
  }

  @Test func anExistingArchiveSurvivesAFailure() throws {
    let good = try fixture.save([Self.name])
    try folder.write(good, to: "kept/target")
    try folder.remove(hello)
    let job = dockerArchive(at: folder.at("kept/target"), force: true)
    let records = try resolve([Self.name], in: fixture.store.location)
    let selection = try SaveSelection(records, format: DockerArchive())
    #expect(throws: Failure.self) { try job.prepare(selection).run() }
    #expect(try folder.read("kept/target") == good)
    #expect(folder.entries("kept") == ["target"])
  }
}
