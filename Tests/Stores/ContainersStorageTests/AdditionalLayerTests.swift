import Compression
import Diagnostics
import Digests
import ImageModel
import POSIX
import StoreFixtures
import Testing

@testable import ContainersStorage

/// Layers in an additional layer store: one file, no tar-split.
@Suite struct AdditionalLayerTests {
  let folder: TemporaryDirectory
  let id: StorageID
  private let tar = deterministicBytes(300_000, seed: 7)
  private var location: StoreLocation { StoreLocation(root: Path(folder.at("store")), driver: .overlay) }

  init() throws {
    folder = try TemporaryDirectory()
    id = try #require(StorageID(String(repeating: "5a", count: 32)))
    try folder.makeDirectory("store/overlay-layers")
    try folder.symlink("store/overlay/\(id)/diff", to: folder.at("further/layer/diff"))
    try folder.makeDirectory("further/layer/diff")
  }

  private func read() throws -> [UInt8] {
    guard let layer = try AdditionalLayer.open(id, in: location) else { return [] }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 70_000, alignment: 1)
    defer { buffer.deallocate() }
    var result: [UInt8] = []
    while true {
      let count = try layer.read(into: buffer)
      result += buffer[..<count]
      if count < buffer.count { return result }
    }
  }

  private func isAdditional() throws -> Bool {
    try AdditionalLayer.open(id, in: location) != nil
  }

  @Test func theFileIsTheLayer() throws {
    try folder.write(tar, to: "further/layer/blob")
    #expect(try read() == tar)
    try folder.write(gzipped(tar), to: "further/layer/blob")
    #expect(try read() == tar)
    try folder.write("", to: "further/layer/blob")
    #expect(try read() == [])
    #expect(folder.entries("further/layer") == ["blob", "diff"])
  }

  @Test func theLayersFileNamesTheDirectory() throws {
    try folder.write(tar, to: "elsewhere/blob")
    try folder.write(folder.at("elsewhere") + "\n", to: "store/overlay/\(id)/additionallayer")
    #expect(try read() == tar)
  }

  @Test func anUnknownSizeIsMeasured() throws {
    try folder.write(gzipped(tar), to: "further/layer/blob")
    let digest = SHA256.digest(of: tar)
    try folder.write(
      #"[{"id":"\#(id)","diff-size":-1,"toc-digest":"\#(digest)","flags":{"expected-layer-diffid":"\#(digest)"}}]"#,
      to: "store/overlay-layers/layers.json")
    let chain = try LayerTable(of: StoreSnapshot(of: location)).chain(to: "\(id)")
    #expect(chain.map(\.layer.size) == [UInt64(tar.count)])
  }

  @Test(arguments: [
    ("zstd", [0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0]), ("bzip2", Array("BZh91AY".utf8)),
    ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0]),
  ])
  func otherCompressionsAreNamed(name: String, bytes: [UInt8]) throws {
    try folder.write(bytes, to: "further/layer/blob")
    let failure = #expect(throws: Failure.self) { try read() }
    #expect(failure?.kind == .unavailable)
    #expect(failure?.reason == "compressed with \(name), which is not supported")
  }

  @Test(.timeLimit(.minutes(5)))
  func whatIsNoFileIsRefused() throws {
    #expect(throws: Failure.self) { try read() }
    try folder.makeFIFO("further/layer/blob")
    #expect(throws: Failure.self) { try read() }
    try folder.remove("further/layer/blob")
    try folder.write(gzipped(tar).dropLast(20) + [], to: "further/layer/blob")
    #expect(throws: Failure.self) { try read() }
  }

  @Test(arguments: ["", "relative", "../further/layer"])
  func aRelativeDirectoryIsNone(text: String) throws {
    try folder.write(tar, to: "further/layer/blob")
    try folder.write(text, to: "store/overlay/\(id)/additionallayer")
    #expect(try !isAdditional())
  }

  @Test func aLayerWithTarSplitIsAnOrdinaryOne() throws {
    try folder.write(tar, to: "further/layer/blob")
    try folder.write(
      gzipped(Array((segment("x") + file("f")).utf8)), to: "store/overlay-layers/\(id).tar-split.gz")
    try folder.write("hello\n", to: "further/layer/diff/f")
    #expect(try !isAdditional())
    #expect(try readLayer(id, in: location) == Array("xhello\n".utf8))
  }
}
