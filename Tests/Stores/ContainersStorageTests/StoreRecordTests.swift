import Diagnostics
import Digests
import ImageModel
import ImageRecord
import JSON
import POSIX
import StoreFixtures
import Testing

@testable import ContainersStorage

/// The place of a store in a record, and the places that a record needs.
@Suite struct StoreRecordTests {
  @Test(arguments: [
    StoreLocation(root: "/g", driver: .overlay), StoreLocation(root: "/g", driver: .vfs, imageStore: "/i"),
    StoreLocation(root: "/g", driver: .btrfs, additionalStores: ["/a"]),
    StoreLocation(root: "/g", driver: .overlay, imageStore: "/i", additionalStores: ["/a", "/b"]),
  ]) func aLocationIsReadAsWritten(location: StoreLocation) throws {
    let storage = try RecordStorage(location)
    #expect(storage.kind == "containers-storage")
    #expect(storage.members.has("imagestore") == (location.imageStore != nil))
    #expect(storage.members.has("additionalimagestores") == !location.additionalStores.isEmpty)
    #expect(try StoreLocation(storage) == location)
  }

  @Test func aPathThatIsNoTextHasNoRecord() {
    for location in [
      StoreLocation(root: Path([0x2F, 0xFF]), driver: .vfs),
      StoreLocation(root: "/g", driver: .vfs, imageStore: Path([0x2F, 0xFF])),
      StoreLocation(root: "/g", driver: .vfs, additionalStores: [Path([0x2F, 0xFF])]),
    ] {
      let failure = #expect(throws: Failure.self) { try RecordStorage(location) }
      #expect(failure?.kind == .unavailable)
      #expect(failure?.reason == "the path of a store must be UTF-8")
    }
  }

  private func storage(_ members: [(String, String)]) throws -> RecordStorage {
    RecordStorage(
      kind: ContainersStore.kind,
      members: try RecordObject { json in
        for (key, value) in members {
          json.key(key)
          json.string(value)
        }
      })
  }

  @Test func whatIsWrongInARecordIsNamed() throws {
    let missing = #expect(throws: Failure.self) { try StoreLocation(storage([("driver", "vfs")])) }
    #expect(missing?.kind == .badData && missing?.subject == "storage")
    let driver = #expect(throws: Failure.self) {
      try StoreLocation(storage([("root", "/g"), ("driver", "zfs")]))
    }
    #expect(
      driver == Failure(.unavailable, "storage driver zfs", "needs mounted datasets; not supported"))
  }

  /// A layer of an additional layer store is in a folder of its own, whatever comes before it.
  @Test func placesAreTheRootsAndTheFoldersOfAdditionalLayers() throws {
    let folder = try TemporaryDirectory()
    let id = String(repeating: "5a", count: 32)
    try folder.symlink("store/overlay/\(id)/diff", to: folder.at("further/layer/diff"))
    let location = StoreLocation(
      root: Path(folder.at("store")), driver: .overlay, additionalStores: [Path(folder.at("more"))])
    let digest = SHA256.digest(of: [])
    let record = ImageRecord(
      input: nil, name: nil, tags: [], id: digest.hex,
      manifest: Blob(mediaType: .ociManifest, bytes: []), config: nil,
      layers: try [String(repeating: "0f", count: 32), "no ID", id].map { text in
        RecordLayer(
          mediaType: .ociLayer, layer: Layer(diffID: digest, size: 0),
          locator: try RecordObject { json in
            json.key("layer")
            json.string(text)
          })
      }, storage: try RecordStorage(location))
    #expect(
      try ContainersStore.places(of: record)
        == ["store", "more", "store/overlay", "more/overlay", "further/layer"].map { Path(folder.at($0)) })
  }
}
