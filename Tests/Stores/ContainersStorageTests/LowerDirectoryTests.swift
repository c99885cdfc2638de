import Diagnostics
import POSIX
import StoreFixtures
import TarSplit
import Testing

@testable import ContainersStorage

/// A layer shifted to other user IDs has an empty directory and names the lower ones.
@Suite struct LowerDirectoryTests {
  let layer: LayerFixture
  private let original = String(repeating: "0f", count: 32)

  init() throws {
    layer = try LayerFixture()
    try layer.write(records: segment("head/") + file("d/f") + segment("/tail"))
    try layer.folder.write("hello\n", to: "overlay/\(original)/diff/d/f")
  }

  @Test(arguments: ["l/TWIN", "l/GONE:l/TWIN", "l/TWIN:l/TWIN", "::l/TWIN", "l/EMPTY:l/TWIN"])
  func filesAreFoundBelow(lower: String) throws {
    try layer.folder.symlink("overlay/l/TWIN", to: "../\(original)/diff")
    let empty = String(repeating: "1e", count: 32)
    try layer.folder.makeDirectory("overlay/\(empty)/diff")
    try layer.folder.symlink("overlay/l/EMPTY", to: "../\(empty)/diff")
    try layer.folder.write(lower, to: "overlay/\(layer.id)/lower")
    #expect(try layer.read() == Array("head/hello\n/tail".utf8))
    #expect(try StoredLayer(layer.id, in: layer.location).damagedFiles() == [])
  }

  @Test func theLayersOwnFilesComeFirst() throws {
    try layer.folder.write("HELLO\n", to: layer.file("d/f"))
    try layer.folder.symlink("overlay/l/TWIN", to: "../\(original)/diff")
    try layer.folder.write("l/TWIN", to: "overlay/\(layer.id)/lower")
    #expect(try layer.read() == Array("head/HELLO\n/tail".utf8))
  }

  @Test(arguments: ["", "l/GONE", "..", "../outside", "l/../../outside", "/", "l/HOST", "l/SHORT", "l/FILE"])
  func whatIsNoLayerIsLeftOut(lower: String) throws {
    try layer.folder.write("hello\n", to: "outside/d/f")
    try layer.folder.symlink("overlay/l/HOST", to: layer.folder.at("outside"))
    try layer.folder.symlink("overlay/l/SHORT", to: "../outside/diff")
    try layer.folder.write("x", to: "overlay/l/FILE")
    try layer.folder.write(lower, to: "overlay/\(layer.id)/lower")
    let failure = #expect(throws: Failure.self) { try layer.read() }
    #expect(failure?.reason == "file \"d/f\": No such file or directory")
  }
}
