import ContainersStorage
import Diagnostics
import Digests
import StoreFixtures
import Testing

/// The data items of an image and their file names.
@Suite struct BigDataTests {
  let folder: TemporaryDirectory
  let image: ImageEntry

  init() throws {
    folder = try TemporaryDirectory()
    let id = String(repeating: "0c", count: 32)
    try folder.write("[{\"id\":\"\(id)\"}]", to: "overlay-images/images.json")
    try folder.makeDirectory("overlay-images/\(id)")
    let store = try StoreBuilder(root: folder.path)
    image = try #require(try StoreSnapshot(of: store.location).images.first)
  }

  /// File names as containers-storage makes them, measured with its own code.
  @Test(
    arguments: [
      ("manifest", "manifest"), ("a.b0", "a.b0"), ("a-b", "=YS1i"), ("Manifest", "=TWFuaWZlc3Q="),
      ("signature_1", "=c2lnbmF0dXJlXzE="), ("../x", "=Li4veA=="), ("é", "=w6k="),
      (
        "sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "=c2hhMjU2OjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="
      ),
    ])
  func anItemIsFoundInItsFile(key: String, file: String) throws {
    #expect(try image.bigData(key) == nil)
    try folder.write("content", to: "overlay-images/\(image.idText)/\(file)")
    #expect(try image.bigData(key) == Array("content".utf8))
    #expect(try image.requiredBigData(key) == Array("content".utf8))
  }

  @Test func aMissingItemIsNamed() throws {
    let failure = #expect(throws: Failure.self) { try image.requiredBigData("manifest") }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == "image 0c0c0c0c0c0c")
    #expect(
      failure?.reason == "item \"manifest\" is missing (consider removing the image to resolve the issue)")
  }

  @Test(arguments: [".", "..", ""])
  func aNameThatLeadsToADirectoryIsRefused(key: String) throws {
    let failure = #expect(throws: Failure.self) { try image.bigData(key) }
    #expect(failure?.kind == .badData)
  }

  @Test(.timeLimit(.minutes(5)))
  func onlyFilesOfALimitedSizeAreRead() throws {
    let file = "overlay-images/\(image.idText)/manifest"
    try folder.makeFIFO(file)
    #expect(throws: Failure.self) { try image.bigData("manifest") }
    try folder.remove(file)
    try folder.write([UInt8](repeating: 0x20, count: 4 << 20), to: file)
    #expect(try image.bigData("manifest")?.count == 4 << 20)
    try folder.write([UInt8](repeating: 0x20, count: 4 << 20 + 1), to: file)
    let failure = #expect(throws: Failure.self) { try image.bigData("manifest") }
    #expect(failure?.reason == "longer than 4194304 bytes")
  }

  @Test func digestsOfAllManifestsCountAndNoOthers() throws {
    let digests = (1...5).map { "sha256:" + String(repeating: "\($0)", count: 64) }
    let record = RawObject([
      "id": quoted(image.idText), "digest": quoted(digests[0]),
      "big-data-digests": """
      {"manifest":"\(digests[1])","manifest-\(digests[2])":"\(digests[2])","\(digests[3])":"\(digests[3])",
       "manifest-x":"sha256:../..","manifest-y":7,"manifest-z":"\(digests[0])","manifest-5":"\(digests[4])"}
      """,
    ])
    try folder.write("[\(record.text)]", to: "overlay-images/images.json")
    let store = try StoreBuilder(root: folder.path)
    let entry = try #require(try StoreSnapshot(of: store.location).images.first)
    #expect(entry.digests.map(\.description) == Array(digests[..<3]) + [digests[4]])
  }
}
