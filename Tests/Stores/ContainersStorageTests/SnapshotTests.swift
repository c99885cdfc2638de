import ContainersStorage
import Diagnostics
import POSIX
import StoreFixtures
import Testing

/// The metadata files of a store: complete, missing and malformed.
@Suite struct SnapshotTests {
  let folder: TemporaryDirectory
  let store: StoreBuilder

  init() throws {
    folder = try TemporaryDirectory()
    store = try SampleStore.build(at: folder.path)
  }

  private func snapshot() throws(Failure) -> StoreSnapshot { try StoreSnapshot(of: store.location) }

  @Test func aStoreIsRead() throws {
    let image = try #require(try snapshot().images.first)
    #expect(try snapshot().images.count == 1)
    #expect(image.names == SampleStore.names)
    #expect(image.hasName(utf8: Array(SampleStore.names[0].utf8)) && !image.hasName(utf8: Array("sample".utf8)))
    #expect(try image.bigData("manifest") != nil)
    #expect(quoted(try image.validated().description) == store.images[0]["id"])
    #expect(image.topLayer == (try store.layerID(2).description))
    #expect(image.created == "2024-02-29T12:34:56Z")
    #expect(image.digests.count == 1)
    let table = try LayerTable(of: snapshot())
    #expect(try table.chain(to: image.topLayer).map(\.id) == (0..<3).map { try store.layerID($0) })
  }

  @Test func lockFilesAreNeitherNeededNorMade() throws {
    try folder.remove("overlay-images/images.lock")
    try folder.remove("overlay-layers/layers.lock")
    let before = (folder.entries("overlay-images"), folder.entries("overlay-layers"))
    #expect(try snapshot().images.count == 1)
    #expect((folder.entries("overlay-images"), folder.entries("overlay-layers")) == before)
  }

  @Test(arguments: [nil, "", "null", "[]", " [ ]\n"])
  func noRecordsAreNoFailure(content: String?) throws {
    for name in ["overlay-images/images.json", "overlay-layers/layers.json"] {
      try folder.remove(name)
      if let content { try folder.write(content, to: name) }
    }
    #expect(try snapshot().images.isEmpty)
    let table = try LayerTable(of: snapshot())
    #expect(try table.chain(to: nil).isEmpty)
    let failure = #expect(throws: Failure.self) { try table.chain(to: "\(store.layerID(0))") }
    #expect(failure?.reason == "layer not known")
  }

  @Test func noStoreAtAllIsAnEmptyOne() throws {
    let location = StoreLocation(root: Path(folder.at("nowhere")), driver: .overlay)
    #expect(try StoreSnapshot(of: location).images.isEmpty)
    #expect(folder.entries() == ["overlay", "overlay-images", "overlay-layers"])
  }

  @Test(arguments: ["{}", "\"[]\"", "1", "[", "[{]", "[] []", "[]x", "\u{FEFF}[]", "[{\"id\":}]", "nul", "\0"])
  func garbageIsRefusedByName(content: String) throws {
    try folder.write(content, to: "overlay-images/images.json")
    let failure = #expect(throws: Failure.self) { try snapshot() }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == folder.at("overlay-images/images.json"))
    try store.write()
    try folder.write(content, to: "overlay-layers/layers.json")
    let layers = #expect(throws: Failure.self) { try LayerTable(of: snapshot()) }
    #expect(layers?.kind == .badData)
    #expect(layers?.subject == folder.at("overlay-layers/layers.json"))
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["overlay-images/images.json", "overlay-layers/layers.json"])
  func whatIsNoFileIsRefusedWithoutWaiting(name: String) throws {
    try folder.remove(name)
    try folder.makeFIFO(name)
    #expect(throws: Failure.self) { try snapshot() }
    try folder.remove(name)
    try folder.makeDirectory(name)
    let failure = #expect(throws: Failure.self) { try snapshot() }
    #expect(failure?.reason == "not a regular file")
  }

  @Test func damagedElementsHarmOnlyThemselves() throws {
    let good = store.images[0].text
    let bad = [
      "null", "7", "{}", #"{"id":7}"#, #"{"id":"../../etc","names":"x"}"#,
      #"{"id":"x","digest":"sha256:../.."}"#,
    ]
    try folder.write("[" + (bad + [good] + bad).joined(separator: ",") + "]", to: "overlay-images/images.json")
    let images = try snapshot().images
    #expect(images.count == 2 * bad.count + 1)
    for (index, image) in images.enumerated() {
      if index == bad.count {
        #expect(quoted(try image.validated().description) == store.images[0]["id"])
      } else {
        let failure = #expect(throws: Failure.self) { try image.validated() }
        #expect(failure?.kind == .badData)
        #expect(image.names.isEmpty && image.digests.isEmpty && image.topLayer == nil)
      }
    }
  }

  @Test func aMemberNamedTwiceHarmsItsRecordOnly() throws {
    let other = String(repeating: "ab", count: 32)
    let good = store.images[0].text
    let twice = good.replacing("\"id\":", with: "\"id\":\"\(other)\",\"id\":")
    try folder.write("[\(twice),\(good)]", to: "overlay-images/images.json")
    let images = try snapshot().images
    let failure = #expect(throws: Failure.self) { try images[0].validated() }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == folder.at("overlay-images/images.json"))
    #expect(throws: Never.self) { try images[1].validated() }
  }
}
