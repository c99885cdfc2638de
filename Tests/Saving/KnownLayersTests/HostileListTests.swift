import Diagnostics
import Digests
import ImageModel
import KnownLayers
import POSIX
import StoreFixtures
import Testing

/// Lists that are damaged, or made to harm.
@Suite struct HostileListTests {
  /// Cut JSON is an error, not a shorter list.
  @Test(arguments: [
    "podman-image-inspect.newest", "docker-image-inspect.newest", "buildah-inspect.debian12",
    "skopeo-inspect-config",
  ])
  func aCutListIsRefused(name: String) throws {
    let bytes = try ListFixture.bytes(name)
    let end = try #require(bytes.lastIndex { $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: "}") })
    for length in stride(from: 1, through: end, by: 97) {
      #expect(ListFixture.failure(Array(bytes[..<length]))?.kind == .badData, "\(length)")
    }
    #expect(ListFixture.failure(Array(bytes[..<end]))?.kind == .badData)
  }

  @Test(arguments: [
    "", " \n", "\0\0\0", "Error: no such image\n", "[", "{", "[1,", #"[{"RootFS":{}}"#, "[]]", "nonsense",
    #"{"RootFS":{"Layers":"sha256:1"}}"#, #"{"RootFS":{"Layers":[1]}}"#, #"{"rootfs":{"diff_ids":["md5:1"]}}"#,
    #"{"rootfs":{"diff_ids":{}}}"#, #"{"schema":"img/1"}"#, #"{"schema":"img/1","layers":[{}]}"#,
    #"["sha256:12"]"#, "# only a comment\n",
  ])
  func malformedListsAreRefused(text: String) {
    #expect(ListFixture.failure(text: text)?.kind == .badData)
  }

  @Test func deepNestingIsRefused() {
    let depth = 2_000_000
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(ListFixture.failure(text: text)?.reason.contains("nested too deeply") == true)
  }

  @Test func aHugeValueIsRefused() {
    let text = #"[{"a":""# + String(repeating: "x", count: 17 << 20) + #""}]"#
    #expect(ListFixture.failure(text: text)?.reason.contains("too long") == true)
  }

  @Test func aHugeLineIsRefused() {
    let text = String(repeating: "\(digest("a")) ", count: 20_000)
    #expect(ListFixture.failure(text: text)?.reason.contains("a line of more than") == true)
  }

  @Test func manyEmptyLinesAreNoList() {
    #expect(
      ListFixture.failure([UInt8](repeating: 0x0A, count: 3 << 20) + [UInt8(ascii: "x")])?.kind == .badData)
  }

  @Test func linesAndJSONDoNotMix() {
    #expect(ListFixture.failure(text: "\(digest("a"))\n{}\n")?.kind == .badData)
  }

  @Test(arguments: ["sparse-base-docker.tar.gz", "sparse-base-hybrid.tar.gz"])
  func aCutArchiveIsRefused(name: String) throws {
    let bytes = try ListFixture.bytes(name)
    for length in stride(from: 20, to: bytes.count - 8, by: 61) {
      #expect(ListFixture.failure(Array(bytes[..<length]))?.kind == .badData, "\(length)")
    }
  }

  @Test func aMissingFileIsUnknown() {
    let failure = #expect(throws: Failure.self) { try LayerList(at: "/nowhere/at/all") }
    #expect(failure?.kind == .notFound)
  }

  /// An index that names one config many times costs no more than to read it once.
  @Test func repeatedConfigsAreReadOnce() throws {
    let layers = (0..<20_000).map { digest("\($0)") }
    let config = #"{"rootfs":{"diff_ids":["# + layers.map { "\"\($0)\"" }.joined(separator: ",") + "]}}"
    let folder = try TemporaryDirectory()
    try folder.makeDirectory("image")
    try folder.write(Array(config.utf8), to: "image/config.json")
    let items = Array(repeating: #"{"Config":"config.json"}"#, count: 10_000).joined(separator: ",")
    try folder.write(Array("[\(items)]".utf8), to: "image/manifest.json")
    #expect(try LayerList(at: Path(folder.at("image"))).known.chains.count == layers.count)
  }

  @Test func aConfigOfAnotherNameIsRefused() throws {
    let folder = try TemporaryDirectory()
    try folder.makeDirectory("image")
    let name = "\(digest("other").hex).json"
    try folder.write(Array(#"{"rootfs":{"diff_ids":[]}}"#.utf8), to: "image/\(name)")
    try folder.write(Array(#"[{"Config":"\#(name)"}]"#.utf8), to: "image/manifest.json")
    let failure = #expect(throws: Failure.self) { try LayerList(at: Path(folder.at("image"))) }
    #expect(failure?.reason.contains("does not match") == true)
  }

  /// A folder names its configs; none of them is one outside, and no byte of another file is shown.
  @Test func aConfigOutsideIsNotRead() throws {
    let folder = try TemporaryDirectory()
    try folder.write(Array(#"{"rootfs":{"diff_ids":["\#(digest("a"))"]}}"#.utf8), to: "config.json")
    try folder.write(Array("a secret".utf8), to: "secret")
    try folder.makeDirectory("image")
    try folder.symlink("image/link", to: folder.at("secret"))
    try folder.symlink("image/zero", to: "/dev/zero")
    try folder.makeFIFO("image/fifo")
    for name in ["../config.json", "x/../../config.json", folder.at("config.json"), "link", "zero", "fifo"] {
      try folder.write(Array(#"[{"Config":"\#(name)"}]"#.utf8), to: "image/manifest.json")
      let failure = #expect(throws: Failure.self, "\(name)") { try LayerList(at: Path(folder.at("image"))) }
      #expect(failure?.kind == .badData)
      #expect(failure?.description.contains("secret\"") == false)
    }
  }

  @Test func indexesAreLimited() throws {
    let folder = try TemporaryDirectory()
    func blob(_ text: String) throws -> String {
      let hash = digest(text)
      try folder.write(Array(text.utf8), to: "image/blobs/sha256/\(hash.hex)")
      return #"{"digest":"\#(hash)","size":\#(text.utf8.count),"mediaType":"x"}"#
    }
    try folder.makeDirectory("image")
    var entry = try blob(#"{"schemaVersion":2,"manifests":[]}"#)
    for _ in 0..<6 { entry = try blob(#"{"schemaVersion":2,"manifests":[\#(entry)]}"#) }
    try folder.write(Array(#"{"schemaVersion":2,"manifests":[\#(entry)]}"#.utf8), to: "image/index.json")
    let failure = #expect(throws: Failure.self) { try LayerList(at: Path(folder.at("image"))) }
    #expect(failure?.reason.contains("too many indexes") == true)
    // One that names itself needs a digest that is not its own.
    let own = digest("itself")
    let text = #"{"schemaVersion":2,"manifests":[{"digest":"\#(own)","size":9,"mediaType":"x"}]}"#
    try folder.write(Array(text.utf8), to: "image/blobs/sha256/\(own.hex)")
    try folder.write(Array(text.utf8), to: "image/index.json")
    let other = #expect(throws: Failure.self) { try LayerList(at: Path(folder.at("image"))) }
    #expect(other?.reason.contains("does not match") == true)
  }
}
