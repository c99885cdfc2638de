import Digests
import StoreFixtures
import TarSplit
import Testing

@testable import ContainersStorage

/// Every layer has the same digest when read from the store as when it was stored.
@Suite struct GoldenLayerTests {
  @Test(arguments: StoreBuilder.Driver.allCases, [1, 7, 511, 512, 513, 1 << 20])
  func layersHaveTheirDigests(driver: StoreBuilder.Driver, bufferSize: Int) throws {
    let folder = try TemporaryDirectory()
    let store = try GoldenStore.build(at: folder.path, driver: driver)
    #expect(store.layers.count >= 10)
    for (index, record) in store.layers.enumerated() {
      let bytes = try readLayer(try store.layerID(index), in: store.location, bufferSize: bufferSize)
      #expect(quoted(SHA256.digest(of: bytes).description) == record["diff-digest"])
      #expect(String(bytes.count) == record["diff-size"] ?? "0")
    }
  }

  @Test(arguments: StoreBuilder.Driver.allCases)
  func largeFilesSurviveTheBordersOfBuffers(driver: StoreBuilder.Driver) throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path, driver: driver)
    for bufferSize in [4096, 100_003, 1 << 20] {
      for (index, record) in store.layers.enumerated() {
        let bytes = try readLayer(try store.layerID(index), in: store.location, bufferSize: bufferSize)
        #expect(quoted(SHA256.digest(of: bytes).description) == record["diff-digest"])
      }
    }
  }

  @Test(arguments: StoreBuilder.Driver.allCases)
  func undamagedLayersAreCalledUndamaged(driver: StoreBuilder.Driver) throws {
    let folder = try TemporaryDirectory()
    let store = try GoldenStore.build(at: folder.path, driver: driver)
    for index in store.layers.indices {
      #expect(try StoredLayer(store.layerID(index), in: store.location).damagedFiles() == [])
    }
  }
}
