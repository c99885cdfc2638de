import Diagnostics
import Digests
import ImageModel
import StoreFixtures
import TarSplit
import Testing

@testable import ContainersStorage

/// Layers pulled by their table of contents: the record has neither digest nor size of the tar.
@Suite struct MeasuredLayerTests {
  let layer: LayerFixture

  init() throws {
    layer = try LayerFixture()
    let digest = "sha256:" + String(repeating: "1", count: 64)
    try layer.folder.write(
      #"[{"id":"\#(layer.id)","toc-digest":"\#(digest)","diff-size":-1,"flags":{"expected-layer-diffid":"\#(digest)"}}]"#,
      to: "overlay-layers/layers.json")
  }

  private func measure() throws -> UInt64? {
    try LayerTable(of: StoreSnapshot(of: layer.location)).chain(to: "\(layer.id)").last?.layer.size
  }

  /// A header with this type, then a file record with this size.
  private func member(_ type: UInt8, size: String) -> String {
    var header = [UInt8](repeating: 0, count: 512)
    header[156] = type
    return segment(header) + #"{"type":1,"name":"f","size":\#(size),"payload":"AAAAAAAAAAA=","position":1}"#
      + "\n"
  }

  @Test func segmentsAndFilesAddUp() throws {
    try layer.write(records: "")
    #expect(try measure() == 0)
    try layer.write(records: segment("head/") + file("gone/f") + segment("/tail"))
    #expect(try measure() == 16)
    try layer.write(records: member(0x30, size: "9663676423") + segment("x"))
    #expect(try measure() == 9_663_676_423 + 513)
  }

  @Test(arguments: [UInt8(0x31), 0x32, 0x33, 0x34, 0x35, 0x36])
  func whatHasNoContentsDoesNotCount(type: UInt8) throws {
    try layer.write(records: member(type, size: "1000"))
    #expect(try measure() == 512)
  }

  @Test func sizesThatAddUpToTooMuchAreRefused() throws {
    let half = member(0x30, size: "5000000000000000000")
    try layer.write(records: half)
    #expect(try measure() == 5_000_000_000_000_000_512)
    try layer.write(records: half + half)
    let failure = #expect(throws: Failure.self) { try measure() }
    #expect(failure?.kind == .badData)
    #expect(failure?.reason.contains("sum of sizes overflows") == true)
  }

  @Test(
    .timeLimit(.minutes(5)),
    arguments: ["{", #"{"type":3}"#, #"{"type":1,"name":"x","size":-1,"payload":null}"#])
  func damageIsFound(records: String) throws {
    try layer.write(records: records)
    #expect(#expect(throws: Failure.self) { try measure() }?.kind == .badData)
    try layer.write(records: segment("x") + String(repeating: " ", count: 1 << 20) + segment("y"))
    #expect(#expect(throws: Failure.self) { try measure() }?.kind == .badData)
    try layer.folder.remove("overlay-layers/\(layer.id).tar-split.gz")
    #expect(#expect(throws: Failure.self) { try measure() }?.kind == .badData)
    try layer.folder.makeFIFO("overlay-layers/\(layer.id).tar-split.gz")
    #expect(#expect(throws: Failure.self) { try measure() }?.kind == .badData)
  }

  @Test func sparseFilesAreNoticed() throws {
    try layer.write(records: segment("a") + file("f"))
    #expect(try !StoredLayer(layer.id, in: layer.location).records().holdsSparseFiles())
    try layer.write(records: segment("a") + segment("22 GNUGNU.sparse.major=1\n") + file("f"))
    #expect(try StoredLayer(layer.id, in: layer.location).records().holdsSparseFiles())
    try layer.write(records: segment("GNU.sparse") + segment(".G") + segment(""))
    #expect(try !StoredLayer(layer.id, in: layer.location).records().holdsSparseFiles())
  }
}
