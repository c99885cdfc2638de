import ContainersStorage
import Diagnostics
import StoreFixtures
import Testing

/// A missing short link is replaced by the name in each layer's file `link`; the store is not repaired.
@Suite struct LostShortLinkTests {
  let layer: LayerFixture
  private let original = String(repeating: "0f", count: 32)

  init() throws {
    layer = try LayerFixture()
    try layer.write(records: segment("head/") + file("d/f") + segment("/tail"))
    try layer.folder.write("hello\n", to: "overlay/\(original)/diff/d/f")
    try layer.folder.write("l/TWIN", to: "overlay/\(layer.id)/lower")
    for number in 1...20 {
      let other = String(repeating: String(number + 10, radix: 16), count: 64).prefix(64)
      try layer.folder.write("OTHER\(number)", to: "overlay/\(other)/link")
    }
  }

  private let whole = Array("head/hello\n/tail".utf8)

  /// Before or after layers without a link, and entries that are no layers.
  @Test(arguments: ["TWIN", "TWIN\n"], ["0f", "fe"])
  func theLayerIsFound(link: String, digits: String) throws {
    let original = String(repeating: digits, count: 32)
    try layer.folder.remove("overlay/\(self.original)/diff")
    try layer.folder.write("hello\n", to: "overlay/\(original)/diff/d/f")
    try layer.folder.makeDirectory("overlay/0")
    try layer.folder.write(link, to: "overlay/\(original)/link")
    let before = layer.folder.entries("overlay")
    #expect(try layer.read() == whole)
    #expect(layer.folder.entries("overlay") == before)
    try layer.folder.symlink("overlay/l/TWIN", to: "nowhere")
    #expect(try layer.read() == whole)
  }

  @Test func anotherLinkIsNotTaken() throws {
    try layer.folder.write("TWIN2", to: "overlay/\(original)/link")
    #expect(throws: Failure.self) { try layer.read() }
  }

  @Test(.timeLimit(.minutes(5)))
  func onlyLayersAreSearched() throws {
    try layer.folder.write("hello\n", to: "overlay/staging/diff/d/f")
    try layer.folder.write("TWIN", to: "overlay/staging/link")
    try layer.folder.makeFIFO("overlay/\(original)/link")
    #expect(throws: Failure.self) { try layer.read() }
  }

  @Test(arguments: ["TWIN", "l/x/TWIN", "/l/TWIN", "../l/TWIN", "m/TWIN"])
  func onlyShortLinksAreSearchedFor(lower: String) throws {
    try layer.folder.write("TWIN", to: "overlay/\(original)/link")
    try layer.folder.write(lower, to: "overlay/\(layer.id)/lower")
    #expect(throws: Failure.self) { try layer.read() }
  }

  /// Links are needed only for files missing from the layer itself.
  @Test func theLayersOwnFilesNeedNoLinks() throws {
    try layer.folder.write("HELLO\n", to: layer.file("d/f"))
    #expect(try layer.read() == Array("head/HELLO\n/tail".utf8))
  }
}
