import Diagnostics
import ImageSource
import StoreFixtures
import TarSplit
import Testing

@testable import ContainersStorage

/// What is said of a layer whose bytes have another digest.
@Suite struct DiagnosisTests {
  let layer: LayerFixture

  init() throws {
    layer = try LayerFixture()
    for name in ["a", "b"] { try layer.folder.write("hello\n", to: layer.file(name)) }
  }

  private func diagnosis(_ records: String) throws -> String? {
    try layer.write(records: records)
    return StoredLayer(layer.id, in: layer.location).diagnosis()
  }

  @Test func damagedFilesAreNamed() throws {
    let records = segment("x") + file("a") + file("b")
    #expect(try diagnosis(records) == "layer 5a5a5a5a5a5a")
    try layer.folder.write("Hello\n", to: layer.file("b"))
    #expect(try diagnosis(records) == "layer 5a5a5a5a5a5a: damaged file \"b\"")
    try layer.folder.write("Hello\n", to: layer.file("a"))
    #expect(try diagnosis(records) == "layer 5a5a5a5a5a5a: damaged files \"a\", \"b\"")
  }

  @Test func sparseFilesAreNamed() throws {
    let reason = "contains PAX sparse files; the store does not keep their original bytes"
    #expect(try diagnosis(file("a") + segment("GNU.sparse.major=1")) == "layer 5a5a5a5a5a5a: \(reason)")
    #expect(try diagnosis(segment("x") + file("a") + segment("GNU.sparse")) == "layer 5a5a5a5a5a5a")
  }

  @Test func whatCannotBeComparedIsNotNamed() throws {
    #expect(try diagnosis("{") == "layer 5a5a5a5a5a5a")
    try layer.folder.remove(layer.file("a"))
    #expect(try diagnosis(file("a")) == "layer 5a5a5a5a5a5a")
  }

  /// Files are compared in pieces of 256 KiB: to their last byte.
  @Test(arguments: [-1, 0, 1]) func longFilesAreComparedToTheirEnd(more: Int) throws {
    let folder = try TemporaryDirectory()
    let content = deterministicBytes(1 << 18 + more, seed: 3)
    var tar = TarBuilder()
    tar.file("f", content)
    var store = try StoreBuilder(root: folder.path)
    try store.addLayer(tar.finish())
    try store.write()
    let id = try store.layerID(0)
    #expect(try StoredLayer(id, in: store.location).damagedFiles() == [])
    try folder.write(content.dropLast() + [content[content.count - 1] ^ 1], to: "overlay/\(id)/diff/f")
    #expect(try StoredLayer(id, in: store.location).damagedFiles() == ["\"f\""])
  }

  /// What was just written is in memory: reading it waits for no disk, and the reader says so.
  @Test func cachedFilesAreNotWaitedFor() throws {
    try layer.write(records: segment("head/") + file("a") + file("b"))
    let reader = try StoredLayer(layer.id, in: layer.location).open()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 1)
    defer { buffer.deallocate() }
    let piece = try reader.next(into: buffer)
    #expect(piece.count == 17)
    #expect(try piece.load?(buffer) == false)
  }
}
