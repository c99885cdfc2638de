import Compression
import Diagnostics
import Digests
import ImageFormats
import ImageManifest
import ImageModel
import ImageSource
import JSON
import LayerPipeline
import Outputs
import POSIX
import StoreFixtures
import Testing

/// Layers that the source has as blobs: they pass as they are where the output can take them.
@Suite struct PassedLayerTests {
  private let folder: TemporaryDirectory
  private static let tar = deterministicBytes(700_000, seed: 5)
  private static let other = deterministicBytes(1_300_000, seed: 6)

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func options(keeps: Bool = true, gzip: Bool = false) throws -> FormatOptions {
    var options = FormatOptions(codec: gzip ? try GzipCodec() : nil)
    options.keepsCompression = keeps
    options.isMultiImage = true
    return options
  }

  /// A layer whose source has a gzipped blob, optionally with a wrong byte.
  private func gzipped(_ tar: [UInt8], fault: MemoryLayer.Fault? = nil) throws -> SourceLayer {
    let bytes = try gzip(tar)
    let blob = BlobDescriptor(
      mediaType: .ociLayerGzip, digest: SHA256.digest(of: bytes), size: UInt64(bytes.count))
    return SourceLayer(
      Layer(diffID: SHA256.digest(of: tar), size: nil, blob: blob),
      .blob(MemoryLayer(bytes: bytes, fault: fault)))
  }

  /// The gzip form of some bytes, in the way of another compressor.
  private func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let codec = try GzipCodec(level: 9)
    let image = image([MemoryLayer.layer(bytes)], tag: "localhost/x:1")
    var options = FormatOptions(codec: codec)
    options.time = 1
    _ = try save([image], as: OCIArchive(), options, to: OutputTarget(path: Path(folder.at("other.tar"))))
    let members = try tarMembers(of: folder.read("other.tar"))
    try folder.remove("other.tar")
    return try #require(members.first { $0.content.starts(with: [0x1f, 0x8b]) }).content
  }

  /// An OCI image whose manifest describes the layers as the source has them.
  private func image(_ layers: [SourceLayer], tag: String) -> FormatImage {
    let ids = layers.map { "\"\($0.layer.diffID)\"" }.joined(separator: ",")
    let config = Blob(
      mediaType: .ociConfig,
      bytes: Array(#"{"os":"linux","rootfs":{"type":"layers","diff_ids":[\#(ids)]}}"#.utf8))
    let descriptors = layers.map { layer in
      let blob = layer.layer.blob
      let type = blob?.mediaType ?? .ociLayer
      return
        #"{"mediaType":"\#(type)","digest":"\#(blob?.digest ?? layer.layer.diffID)","size":\#(blob?.size ?? layer.layer.size ?? 0)}"#
    }.joined(separator: ",")
    let manifest =
      #"{ "schemaVersion":2, "mediaType":"\#(MediaType.ociManifest)","config":{"mediaType":"\#(MediaType.ociConfig)","digest":"\#(config.digest)","size":\#(config.bytes.count)},"layers":[\#(descriptors)],"annotations":{"a":"b"}}"#
    return FormatImage(
      tags: [tag], manifest: Blob(mediaType: .ociManifest, bytes: Array(manifest.utf8)), config: config,
      layers: layers)
  }

  /// The files of an output by name.
  private func files(
    _ images: [FormatImage], _ format: any ImageFormat, _ options: FormatOptions
  ) throws -> [String: [UInt8]] {
    let target = OutputTarget(path: Path(folder.at("out")))
    _ = try save(images, as: format, options, to: target)
    guard case .archive = format.container else {
      return Dictionary(
        uniqueKeysWithValues: try folder.entries("out/blobs/sha256").map {
          ("blobs/sha256/\($0)", try folder.read("out/blobs/sha256/\($0)"))
        })
    }
    let members = try tarMembers(of: folder.read("out"))
    #expect(Set(members.map(\.name)).count == members.count, "no member twice")
    return Dictionary(members.map { ($0.name, $0.content) }) { first, _ in first }
  }

  private func path(_ digest: Digest) -> String { "blobs/sha256/\(digest.hex)" }

  @Test(arguments: [OCIArchive(), OCIDirectory(), HybridArchive()] as [any ImageFormat], [false, true])
  func aBlobAndItsManifestStayAsTheyWere(format: any ImageFormat, isGzip: Bool) throws {
    let layer = try gzipped(Self.tar)
    let image = image([layer], tag: "localhost/a:1")
    let files = try files([image], format, options(gzip: isGzip))
    let blob = try #require(layer.layer.blob)
    #expect(files[path(blob.digest)].map { SHA256.digest(of: $0) } == blob.digest)
    #expect(files[path(image.manifest.digest)] == image.manifest.bytes)
    #expect(files[path(layer.layer.diffID)] == nil)
  }

  @Test func anotherCompressionCanBeAskedFor() throws {
    let layer = try gzipped(Self.tar)
    let files = try files([image([layer], tag: "localhost/a:1")], OCIArchive(), options(keeps: false))
    #expect(files[path(layer.layer.diffID)] == Self.tar)
    let manifest = try #require(
      files.values.first {
        $0.starts(with: Array(#"{"schemaVersion":2,"mediaType":"\#(MediaType.ociManifest)""#.utf8))
      })
    let value = try JSONValue(parsing: manifest)
    #expect(value["layers"]?.elements.map { $0["mediaType"]?.string } == [MediaType.ociLayer.description])
    #expect(value["annotations"]?["a"]?.string == "b")
  }

  @Test func aPlainBlobIsCompressedOnRequest() throws {
    let plain = SourceLayer(
      Layer(
        diffID: SHA256.digest(of: Self.tar), size: UInt64(Self.tar.count),
        blob: BlobDescriptor(
          mediaType: .ociLayer, digest: SHA256.digest(of: Self.tar), size: UInt64(Self.tar.count))),
      .blob(MemoryLayer(bytes: Self.tar, fault: nil)))
    let image = image([plain], tag: "localhost/a:1")
    let kept = try files([image], OCIArchive(), options(gzip: true))
    #expect(kept[path(image.manifest.digest)] == image.manifest.bytes)
    try folder.remove("out")
    let compressed = try files([image], OCIArchive(), options(keeps: false, gzip: true))
    #expect(compressed[path(plain.layer.diffID)] == nil)
    #expect(compressed.values.contains { $0.starts(with: [0x1f, 0x8b]) })
  }

  @Test func aDockerArchiveHasTheTar() throws {
    let layer = try gzipped(Self.tar)
    let files = try files([image([layer], tag: "localhost/a:1")], DockerArchive(), options())
    #expect(files["\(layer.layer.diffID.hex).tar"] == Self.tar)
  }

  @Test(arguments: [MemoryLayer.Fault.flipped(100), .short(1000), .long(1)])
  func anotherBlobThanThePublishedOneIsRefused(fault: MemoryLayer.Fault) throws {
    let layer = try gzipped(Self.tar, fault: fault)
    for format in [OCIArchive(), OCIDirectory(), HybridArchive()] as [any ImageFormat] {
      let failure = #expect(throws: Failure.self) {
        try save(
          [image([layer], tag: "localhost/a:1")], as: format, options(),
          to: OutputTarget(path: Path(folder.at("new"))))
      }
      #expect(failure?.kind == .badData)
      #expect(!Path(folder.at("new")).exists)
    }
  }

  /// In one output: layers that pass, and layers of a store that are compressed, in any order.
  @Test(arguments: [OCIArchive(), OCIDirectory(), HybridArchive()] as [any ImageFormat])
  func passedAndCompressedLayersMix(format: any ImageFormat) throws {
    let passed = try gzipped(Self.tar)
    let second = try gzipped(deterministicBytes(10, seed: 9))
    let images = [
      image([passed, MemoryLayer.layer(Self.other), second], tag: "localhost/a:1"),
      image([MemoryLayer.layer(Self.other)], tag: "localhost/b:1"),
    ]
    let files = try files(images, format, options(gzip: true))
    let blobs = files.filter { $0.key.hasPrefix("blobs/sha256/") && !$0.key.hasSuffix("/") }
    #expect(blobs.allSatisfy { SHA256.digest(of: $0.value).hex == $0.key.dropFirst(13) })
    #expect(blobs.count { $0.value.starts(with: [0x1f, 0x8b]) } == 3)
    #expect(try files[path(#require(passed.layer.blob).digest)] != nil)
    #expect(try files[path(#require(second.layer.blob).digest)] != nil)
  }

  @Test(arguments: [false, true])
  func aLayerOfAStoreIsTheBlobThatAnotherImageHasOfIt(isFirst: Bool) throws {
    let passed = try gzipped(Self.tar)
    var images = [
      image([MemoryLayer.layer(Self.tar, .open)], tag: "localhost/store:1"),
      image([passed], tag: "localhost/archive:1"),
    ]
    if !isFirst { images.reverse() }
    let files = try files(images, HybridArchive(), options())
    #expect(files[path(passed.layer.diffID)] == nil)
    let items = try JSONValue(parsing: #require(files["manifest.json"])).elements
    // The same config with the same layers: one item, whose image has both names.
    #expect(items.map { $0["RepoTags"]?.elements.map(\.string) } == [images.flatMap(\.tags)])
    let blob = try #require(passed.layer.blob).digest
    #expect(items.map { $0["Layers"]?.elements.map(\.string) } == [[path(blob)]])
  }
}
