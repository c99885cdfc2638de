import Diagnostics
import StoreFixtures
import TarSplit
import Testing

@testable import ContainersStorage

/// After a mismatch, the checksums of tar-split identify the damaged file.
@Suite struct DamagedFileTests {
  private func flip(_ path: String, at index: Int, in folder: TemporaryDirectory) throws {
    var bytes = try folder.read(path)
    bytes[index] ^= 0x10
    try folder.write(bytes, to: path)
  }

  @Test(arguments: StoreBuilder.Driver.allCases)
  func exactlyTheFlippedFileIsNamed(driver: StoreBuilder.Driver) throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path, driver: driver)
    let id = try store.layerID(1)
    let before = try readLayer(id, in: store.location)
    let content = String(store.contentPath(ofLayer: "\(id)").dropFirst(folder.path.count + 1))
    try flip(content + "/usr/bin/hello", at: 200_000, in: folder)
    #expect(try StoredLayer(id, in: store.location).damagedFiles() == ["\"usr/bin/hello\""])
    #expect(try readLayer(id, in: store.location).count == before.count)
    #expect(try readLayer(id, in: store.location) != before)
    if driver == .overlay {
      #expect(try StoredLayer(store.layerID(0), in: store.location).damagedFiles() == [])
      #expect(try StoredLayer(store.layerID(2), in: store.location).damagedFiles() == [])
    }
  }

  @Test func namesAreEscapedAndTheListIsShort() throws {
    let layer = try LayerFixture()
    var records = ""
    for number in 10..<30 {
      try layer.folder.write("HELLO\n", to: layer.file("\(number)\n"))
      records += file("\(number)\n")
    }
    try layer.write(records: records)
    let files = try StoredLayer(layer.id, in: layer.location).damagedFiles()
    #expect(files == (10..<20).map { "\"\($0)\\n\"" })
  }
}
