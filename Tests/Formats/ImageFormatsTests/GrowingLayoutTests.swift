import Compression
import Diagnostics
import Digests
import Foundation
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

/// Saves into a layout that has some of the layers already.
@Suite struct GrowingLayoutTests {
  private let folder: TemporaryDirectory
  private let images: [FormatImage]

  init() throws {
    folder = try TemporaryDirectory()
    images = try LayoutFixture("hybrid-multi-none").images()
  }

  private var options: FormatOptions {
    var options = FormatOptions()
    options.keepsCompression = true
    options.isMultiImage = true
    return options
  }

  private func gzip() throws -> FormatOptions {
    var options = options
    options.codec = try GzipCodec()
    return options
  }

  private var target: OutputTarget { OutputTarget(path: Path(folder.at("layout"))) }

  /// Saves images into the layout.
  @discardableResult
  private func grow(_ images: some Collection<FormatImage>, _ options: FormatOptions) throws -> WrittenOutput {
    try save(Array(images), as: OCIDirectory(), options, to: target)
  }

  /// The image with layers that cannot be read.
  private func unreadable(_ image: FormatImage, layers: Range<Int>) -> FormatImage {
    var copies = image.layers
    for index in layers {
      copies[index] = SourceLayer(
        copies[index].layer, .assembled(MemoryLayer(bytes: [], fault: .open)))
    }
    return FormatImage(tags: image.tags, manifest: image.manifest, config: image.config, layers: copies)
  }

  private func blobs() throws -> [String: [UInt8]] {
    var blobs: [String: [UInt8]] = [:]
    for name in folder.entries("layout/blobs/sha256") {
      blobs[name] = try folder.read("layout/blobs/sha256/\(name)")
    }
    return blobs
  }

  @Test func aLayerThatTheLayoutHasIsNotRead() throws {
    try grow([images[1]], gzip())
    let first = try blobs()
    // The second image has three layers of the first, and one of its own.
    let output = try grow([unreadable(images[2], layers: 0..<3)], gzip())
    let second = try blobs()
    #expect(first.allSatisfy { second[$0.key] == $0.value })
    // One layer, a config and a manifest.
    #expect(second.count == first.count + 3)
    #expect(output.present.count == 3)
    #expect(second.allSatisfy { SHA256.digest(of: $0.value).hex == $0.key })
    // The result is the same as that of a save without the layout.
    let other = try save(
      [images[2]], as: OCIDirectory(), gzip(), to: OutputTarget(path: Path(folder.at("other"))))
    #expect(output.images.map(\.manifest) == other.images.map(\.manifest))
  }

  @Test(arguments: [false, true])
  func aLayerIsTakenInTheCompressionOfTheLayout(isPlainFirst: Bool) throws {
    let (first, second) = isPlainFirst ? (options, try gzip()) : (try gzip(), options)
    try grow([images[1]], first)
    let output = try grow([unreadable(images[1], layers: 0..<4)], second)
    #expect(output.present.count == 4)
    #expect(output.images[0].layers.allSatisfy { ($0.compression == nil) == isPlainFirst })
    var strict = second
    strict.keepsCompression = false
    let strictOutput = try grow([images[1]], strict)
    #expect(strictOutput.present.isEmpty)
    #expect(strictOutput.images[0].layers.allSatisfy { ($0.compression == nil) != isPlainFirst })
  }

  @Test(arguments: ["missing", "short", "long", "a folder"])
  func aBlobOfAnotherSizeIsMadeAgain(fault: String) throws {
    let output = try grow([images[1]], gzip())
    let digest = output.images[0].layers[1].digest.hex
    let path = "layout/blobs/sha256/\(digest)"
    let bytes = try folder.read(path)
    unlink(folder.at(path))
    switch fault {
    case "short": try folder.write(Array(bytes.dropLast()), to: path)
    case "long": try folder.write(bytes + [0], to: path)
    case "a folder": mkdir(folder.at(path), 0o755)
    default: break
    }
    if fault == "a folder" {
      #expect(throws: Failure.self) { try grow([images[1]], gzip()) }
      return
    }
    let again = try grow([images[1]], gzip())
    #expect(try folder.read(path) == bytes)
    #expect(again.present.count == 3)
  }

  @Test func aDamagedImageOfTheLayoutGivesNoLayers() throws {
    let output = try grow([images[1]], gzip())
    let config = "layout/blobs/sha256/\(images[1].config.digest.hex)"
    var bytes = try folder.read(config)
    bytes[bytes.count / 2] ^= 1
    try folder.write(bytes, to: config)
    #expect(try grow([images[1]], gzip()).present.isEmpty)
    #expect(try folder.read(config) == images[1].config.bytes)
    let manifest = try #require(output.images[0].manifest)
    try folder.write("{}", to: "layout/blobs/sha256/\(manifest.digest.hex)")
    #expect(try grow([images[1]], gzip()).present.isEmpty)
    #expect(try folder.read("layout/blobs/sha256/\(manifest.digest.hex)") == manifest.bytes)
  }

  @Test func layersOfNestedIndexesCount() throws {
    let output = try grow([images[1]], gzip())
    let manifest = try #require(output.images[0].manifest)
    func index(_ type: MediaType, _ blob: [UInt8]) -> String {
      #"{"schemaVersion":2,"mediaType":"\#(MediaType.ociIndex)","manifests":[{"mediaType":"\#(type)","digest":"\#(SHA256.digest(of: blob))","size":\#(blob.count)}]}"#
    }
    let inner = Array(index(.ociManifest, manifest.bytes).utf8)
    try folder.write(inner, to: "layout/blobs/sha256/\(SHA256.digest(of: inner).hex)")
    try folder.write(index(.ociIndex, inner), to: "layout/index.json")
    #expect(try grow([unreadable(images[2], layers: 0..<3)], gzip()).present.count == 3)
  }

  /// Indexes in indexes are read to a depth of four; deeper ones may be endless.
  @Test(arguments: [(4, 3), (5, 0)])
  func nestedIndexesAreReadToALimit(depth: Int, present: Int) throws {
    let manifest = try #require(try grow([images[1]], gzip()).images[0].manifest)
    var (type, blob) = (MediaType.ociManifest, manifest.bytes)
    for _ in 0..<depth {
      blob = Array(
        #"{"schemaVersion":2,"manifests":[{"mediaType":"\#(type)","digest":"\#(SHA256.digest(of: blob))","size":\#(blob.count)}]}"#
          .utf8)
      type = .ociIndex
      try folder.write(blob, to: "layout/blobs/sha256/\(SHA256.digest(of: blob).hex)")
    }
    let index =
      #"{"schemaVersion":2,"manifests":[{"mediaType":"\#(type)","digest":"\#(SHA256.digest(of: blob))","size":\#(blob.count)}]}"#
    try folder.write(index, to: "layout/index.json")
    #expect(try grow([images[2]], gzip()).present.count == present)
  }

  @Test func bothFormsOfALayerAreFound() throws {
    var strict = FormatOptions()
    strict.isMultiImage = true
    var strictGzip = strict
    strictGzip.codec = try GzipCodec()
    try grow([images[1]], strict)
    try grow([images[1]], strictGzip)
    let unreadable = unreadable(images[1], layers: 0..<4)
    #expect(try grow([unreadable], strict).images[0].layers.allSatisfy { $0.compression == nil })
    #expect(try grow([unreadable], strictGzip).images[0].layers.allSatisfy { $0.compression == "gzip" })
    // Neither form is the third.
    strict.codec = StoredCodec(suffix: "zstd")
    #expect(throws: Failure.self) { try grow([unreadable], strict) }
  }

  /// A layer may occur several times in an image.
  @Test func layersAfterARepeatedOneAreFound() throws {
    let layers = [[1], [1], [2]].map { MemoryLayer.layer($0) }
    let config = Blob(
      mediaType: .ociConfig,
      bytes: Array(
        #"{"rootfs":{"type":"layers","diff_ids":[\#(layers.map { "\"\($0.layer.diffID)\"" }.joined(separator: ","))]}}"#
          .utf8))
    let descriptors = layers.map {
      #"{"mediaType":"\#(MediaType.ociLayer)","digest":"\#($0.layer.diffID)","size":1}"#
    }
    let manifest =
      #"{"schemaVersion":2,"mediaType":"\#(MediaType.ociManifest)","config":{"mediaType":"\#(MediaType.ociConfig)","digest":"\#(config.digest)","size":\#(config.bytes.count)},"layers":[\#(descriptors.joined(separator: ","))]}"#
    let image = FormatImage(
      tags: ["localhost/repeated:1"], manifest: Blob(mediaType: .ociManifest, bytes: Array(manifest.utf8)),
      config: config, layers: layers)
    try grow([image], options)
    #expect(try grow([unreadable(image, layers: 0..<3)], options).present.count == 2)
  }

  @Test func aBlobThatGoesMeanwhileIsMissed() throws {
    let output = try grow([images[1]], gzip())
    let prepared = try OCIDirectory().prepare([images[2]], gzip(), for: target)
    #expect(prepared.layers.count == 1)
    unlink(folder.at("layout/blobs/sha256/\(output.images[0].layers[0].digest.hex)"))
    let failure = #expect(throws: Failure.self) {
      try prepared.write(through: LayerPipeline(gzip().codec, threads: 2))
    }
    #expect(failure?.kind == .tryAgain)
    #expect(
      try JSONValue(parsing: folder.read("layout/index.json"))["manifests"]?.elements.map { _ in 1 } == [1, 1])
  }

  @Test func aGrownLayoutNamesImagesForEveryLoader() throws {
    try grow(images[..<2], options)
    try grow([images[2]], options)
    try grow([images[3]], FormatOptions())
    let index = try JSONValue(parsing: folder.read("layout/index.json"))
    let names = try #require(index["manifests"]).elements.map { entry in
      [
        entry["annotations"]?["io.containerd.image.name"]?.string,
        entry["annotations"]?["org.opencontainers.image.ref.name"]?.string,
      ]
    }
    let expected = images[..<3].flatMap(\.tags).map { [$0, $0] } + [[nil, "docker.io/library/other:1"]]
    #expect(names == expected)
  }
}
