import ContainersStorage
import Diagnostics
import ImageModel
import StoreFixtures
import Testing

/// Drivers that cannot be read, and drivers whose layers are whole trees.
@Suite struct StorageDriverTests {
  @Test(arguments: [("zfs", "mounted datasets"), ("aufs", "not supported"), ("devicemapper", "not supported")])
  func otherDriversAreUnavailable(name: String, reason: String) {
    let failure = #expect(throws: Failure.self) { try StorageDriver(named: name) }
    #expect(failure?.kind == .unavailable)
    #expect(failure?.subject == "storage driver \(name)")
    #expect(failure?.reason.contains(reason) == true)
  }

  @Test(arguments: [StoreBuilder.Driver.vfs, .btrfs])
  func treesHoldTheFilesOfAllLayersBelow(driver: StoreBuilder.Driver) throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path, driver: driver)
    let home = driver == .vfs ? "vfs/dir" : "btrfs/subvolumes"
    #expect(folder.entries("\(home)/\(try store.layerID(2))") == ["bin", "etc", "srv", "usr", "var"])
    for layer in try LayerTable(of: StoreSnapshot(of: store.location)).chain(to: "\(store.layerID(2))") {
      #expect(UInt64(try readLayer(layer.id, in: store.location).count) == layer.layer.size)
    }
  }
}
