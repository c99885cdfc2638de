import ContainersStorage
import Digests
import ImageModel
import POSIX
import StoreFixtures
import Testing

/// Stores with several roots.
@Suite struct StoreRootsTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  /// Checks that every layer of a store can be read through a location.
  private func expectLayers(of store: StoreBuilder, in location: StoreLocation) throws {
    let table = try LayerTable(of: StoreSnapshot(of: location))
    for (index, record) in store.layers.enumerated() {
      let id = try store.layerID(index)
      let layer = try #require(try table.chain(to: "\(id)").last)
      #expect(quoted(layer.layer.diffID.description) == record["diff-digest"])
      #expect(SHA256.digest(of: try readLayer(id, in: location)) == layer.layer.diffID)
    }
  }

  @Test func additionalStoresComeLast() throws {
    let primary = try SampleStore.build(at: folder.at("primary"))
    let further = try GoldenStore.build(at: folder.at("further"))
    let location = StoreLocation(
      root: Path(folder.at("primary")), driver: .overlay,
      additionalStores: [Path(folder.at("missing")), Path(folder.at("further"))])
    let images = try StoreSnapshot(of: location).images
    #expect(images.map { quoted($0.idText) } == (primary.images + further.images).compactMap { $0["id"] })
    // The data of an image is in the store of its record.
    #expect(try images.first?.bigData("manifest") != nil)
    #expect(try images.last?.bigData("manifest") != nil)
    try expectLayers(of: primary, in: location)
    try expectLayers(of: further, in: location)
  }

  /// With a separate image store the tar-split files stay in the graph root.
  @Test func anImageStoreHoldsAllButTheTarSplitFiles() throws {
    let images = try SampleStore.build(at: folder.at("images"))
    for index in images.layers.indices {
      let name = "overlay-layers/\(try images.layerID(index)).tar-split.gz"
      try folder.write(try folder.read("images/" + name), to: "root/" + name)
      try folder.remove("images/" + name)
    }
    let location = StoreLocation(
      root: Path(folder.at("root")), driver: .overlay, imageStore: Path(folder.at("images")))
    #expect(location.imageRoots == [Path(folder.at("images")), Path(folder.at("root"))])
    #expect(try StoreSnapshot(of: location).images.map(\.names) == [SampleStore.names])
    try expectLayers(of: images, in: location)
  }

  @Test func theFirstRecordOfALayerCounts() throws {
    var store = try SampleStore.build(at: folder.at("store"))
    let record = store.layers[0]
    let id = try store.layerID(0)
    store.layers[0]["diff-size"] = "1"
    try store.write()
    try folder.write("[\(record.text)]", to: "store/overlay-layers/volatile-layers.json")
    let layer = try LayerTable(of: StoreSnapshot(of: store.location)).chain(to: "\(id)").last
    #expect(layer?.layer.size == 1)
    try folder.remove("store/overlay-layers/layers.json")
    let volatile = try LayerTable(of: StoreSnapshot(of: store.location)).chain(to: "\(id)").last
    #expect(volatile?.layer.size.map { String($0) } == record["diff-size"])
  }

  @Test(arguments: [
    ("overlay", StorageDriver.overlay), ("overlay2", .overlay), ("vfs", .vfs), ("btrfs", .btrfs),
  ])
  func driversHaveNames(name: String, driver: StorageDriver) throws {
    #expect(try StorageDriver(named: name) == driver)
  }

  @Test(arguments: ["zfs", "", "Overlay", "../overlay"])
  func otherDriversAreRefused(name: String) {
    #expect(throws: (any Error).self) { try StorageDriver(named: name) }
  }
}
