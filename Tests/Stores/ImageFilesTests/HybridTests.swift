import Diagnostics
import Digests
import ImageManifest
import ImageModel
import POSIX
import StoreFixtures
import Testing

@testable import ImageFiles

/// A docker-archive that also has an index, as docker 25 and later write it; a test chooses what is in the index.
private struct HybridFixture {
  let folder: TemporaryDirectory
  private(set) var blobs: [[UInt8]] = []
  static let layer = [UInt8](repeating: 7, count: 700)
  static let config = Array(#"{"rootfs":{"type":"layers","diff_ids":["\#(SHA256.digest(of: layer))"]}}"#.utf8)

  init() throws {
    folder = try TemporaryDirectory()
    blobs = [HybridFixture.layer, HybridFixture.config]
  }

  static func descriptor(_ bytes: [UInt8], _ type: MediaType) -> String {
    #"{"mediaType":"\#(type)","digest":"\#(SHA256.digest(of: bytes))","size":\#(bytes.count)}"#
  }

  /// A manifest of the config; the note makes it differ from others.
  static func manifest(_ note: String = "", layer: [UInt8] = layer) -> [UInt8] {
    Array(
      (#"{"schemaVersion":2,"config":\#(descriptor(config, .ociConfig)),"layers":[\#(descriptor(layer, .ociLayer))],"#
        + #""annotations":{"note":"\#(note)"}}"#).utf8)
  }

  static func index(_ entries: [String]) -> [UInt8] {
    Array(#"{"schemaVersion":2,"manifests":[\#(entries.joined(separator: ","))]}"#.utf8)
  }

  /// Adds a blob; returns its entry in an index.
  mutating func add(_ bytes: [UInt8], _ type: MediaType = .ociManifest) -> String {
    blobs.append(bytes)
    return HybridFixture.descriptor(bytes, type)
  }

  /// The files of the archive with an index.
  func files(_ entries: [String]) throws -> TarFiles {
    var tar = TarBuilder()
    for blob in blobs { tar.file(name(blob), blob) }
    tar.file("index.json", HybridFixture.index(entries))
    tar.file(
      "manifest.json",
      #"[{"Config":"\#(name(HybridFixture.config))","Layers":["\#(name(HybridFixture.layer))"]}]"#)
    try folder.write(tar.finish().bytes, to: "archive.tar")
    return try TarFiles(Archive(opening: .init(folder.at("archive.tar")), false))
  }

  private func name(_ blob: [UInt8]) -> String { "blobs/sha256/\(SHA256.digest(of: blob).hex)" }

  /// The manifest of the image; nil if it is not one of the index.
  func found(_ entries: [String], maximumBytes: Int = 1 << 20) throws -> [UInt8]? {
    let manifests = HybridManifests(try files(entries), maximumBytes: maximumBytes)
    return try manifests.image(ofConfig: SHA256.digest(of: HybridFixture.config))?.manifest.blob.bytes
  }
}

/// Docker-archives have the manifests of their index, as far as those fit the archive.
@Suite(.timeLimit(.minutes(5))) struct HybridTests {
  private var fixture: HybridFixture

  init() throws {
    fixture = try HybridFixture()
  }

  @Test(arguments: 0...5) func indexesAreFollowedToADepth(depth: Int) throws {
    var fixture = fixture
    let manifest = HybridFixture.manifest()
    var entry = fixture.add(manifest)
    for _ in 0..<depth { entry = fixture.add(HybridFixture.index([entry]), .ociIndex) }
    #expect(try fixture.found([entry]) == (depth <= 4 ? manifest : nil))
  }

  /// What is not there, or read already, hides nothing that follows.
  @Test func theFirstManifestOfAConfigCounts() throws {
    var fixture = fixture
    let gone = HybridFixture.descriptor([1, 2, 3], .ociManifest)
    let first = fixture.add(HybridFixture.manifest("first"))
    let second = fixture.add(HybridFixture.manifest("second"))
    let damaged = fixture.add(Array("{".utf8))
    #expect(try fixture.found([gone, damaged, first, second]) == HybridFixture.manifest("first"))
    #expect(try fixture.found([second, second, first]) == HybridFixture.manifest("second"))
    #expect(try fixture.found([gone, damaged]) == nil)
  }

  @Test func aManifestWithoutItsLayersDoesNotCount() throws {
    var fixture = fixture
    let entry = fixture.add(HybridFixture.manifest(layer: [9]))
    #expect(try fixture.found([entry]) == nil)
    // The image is read without it.
    let images = try DockerArchiveImages.list(fixture.files([entry]))
    let image = try #require(try images.first?.read(Archives.amd64).first)
    #expect(image.layers.map(\.layer.size) == [700])
    #expect(image.manifest.blob.bytes != HybridFixture.manifest(layer: [9]))
  }

  @Test func theBytesOfAllManifestsHaveALimit() throws {
    var fixture = fixture
    let (other, manifest) = (Array(#"{"schemaVersion":2,"manifests":[]}"#.utf8), HybridFixture.manifest())
    let entries = [fixture.add(other, .ociIndex), fixture.add(manifest)]
    let size = other.count + manifest.count
    #expect(try fixture.found(entries, maximumBytes: size) == manifest)
    #expect(try fixture.found(entries, maximumBytes: size - 1) == nil)
  }
}
