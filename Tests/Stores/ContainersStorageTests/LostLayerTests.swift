import ContainersStorage
import Diagnostics
import StoreFixtures
import Testing

/// A layer removed after the records were read is distinguished from a damaged one.
@Suite struct LostLayerTests {
  let folder: TemporaryDirectory
  let store: StoreBuilder
  let id: StorageID

  init() throws {
    folder = try TemporaryDirectory()
    store = try SampleStore.build(at: folder.path)
    id = try store.layerID(1)
  }

  private static let parts = ["overlay-layers/LAYER.tar-split.gz", "overlay/LAYER", "overlay/LAYER/diff"]

  private func remove(_ part: String) throws {
    try folder.remove(part.replacing("LAYER", with: "\(id)"))
  }

  @Test(arguments: parts)
  func aRemovedLayerIsWorthAnotherTry(part: String) throws {
    var store = store
    store.layers.remove(at: 1)
    try store.write()
    try remove(part)
    let failure = #expect(throws: Failure.self) { try readLayer(id, in: store.location) }
    let reason = "image was changed or removed while it was being read"
    #expect(failure == Failure(.tryAgain, "layer \(id.short)", reason))
  }

  @Test(arguments: parts)
  func aLayerThatIsBeingRemovedIsToo(part: String) throws {
    var store = store
    store.layers[1]["flags"] = #"{"incomplete":true}"#
    try store.write()
    try remove(part)
    #expect(#expect(throws: Failure.self) { try readLayer(id, in: store.location) }?.kind == .tryAgain)
  }

  @Test(arguments: parts)
  func aKnownLayerIsDamaged(part: String) throws {
    try remove(part)
    let failure = #expect(throws: Failure.self) { try readLayer(id, in: store.location) }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == folder.at(part.replacing("LAYER", with: "\(id)")))
  }

  @Test(arguments: [true, false])
  func aMissingFileTellsToo(isRemoved: Bool) throws {
    var store = store
    if isRemoved { store.layers.remove(at: 1) }
    try store.write()
    try folder.remove("overlay/\(id)/diff/usr/bin/hello")
    let failure = #expect(throws: Failure.self) { try readLayer(id, in: store.location) }
    #expect(failure?.kind == (isRemoved ? .tryAgain : .badData))
  }

  /// A layer without a recorded size is measured after the records are read.
  @Test func aLayerGoneBeforeItIsMeasuredIsTold() throws {
    var store = store
    store.layers[1]["diff-size"] = "-1"
    try store.write()
    let table = try LayerTable(of: StoreSnapshot(of: store.location))
    try remove(Self.parts[0])
    #expect(#expect(throws: Failure.self) { try table.chain(to: "\(id)") }?.kind == .badData)
    store.layers.remove(at: 1)
    try store.write()
    #expect(#expect(throws: Failure.self) { try table.chain(to: "\(id)") }?.kind == .tryAgain)
  }

  /// Without any records, removal and damage cannot be distinguished.
  @Test func aStoreWithoutRecordsIsDamaged() throws {
    try folder.remove("overlay-layers/layers.json")
    try remove(Self.parts[0])
    #expect(#expect(throws: Failure.self) { try readLayer(id, in: store.location) }?.kind == .badData)
  }

  @Test func aCycleNamesItsFile() throws {
    var store = store
    store.layers[0]["parent"] = quoted("\(id)")
    try store.write()
    let failure = #expect(throws: Failure.self) {
      try LayerTable(of: StoreSnapshot(of: store.location)).chain(to: "\(id)")
    }
    #expect(failure?.subject == folder.at("overlay-layers/layers.json"))
  }
}
