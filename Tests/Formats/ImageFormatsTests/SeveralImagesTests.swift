import Compression
import Diagnostics
import Digests
import ImageFormats
import ImageManifest
import ImageModel
import ImageSource
import JSON
import Outputs
import POSIX
import StoreFixtures
import Testing

/// Several images and names in one output: the hybrid format, and the OCI formats on request.
@Suite struct SeveralImagesTests {
  private let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  private var severalImages: FormatOptions {
    var options = FormatOptions()
    options.isMultiImage = true
    return options
  }

  /// The members of an archive of images.
  private func members(
    _ images: [FormatImage], _ format: any ImageFormat, _ options: FormatOptions? = nil
  ) throws -> [FoundMember] {
    var target = OutputTarget(path: Path(folder.at("archive")))
    target.force = true
    _ = try save(images, as: format, options ?? severalImages, to: target)
    return try tarMembers(of: folder.read("archive"))
  }

  private func content(_ name: String, _ members: [FoundMember]) throws -> String {
    String(decoding: try #require(members.first { $0.name == name }, "\(name)").content, as: UTF8.self)
  }

  /// The hybrids that all seven loaders of the field were measured with.
  @Test(arguments: ["hybrid-one-none", "hybrid-two-names", "hybrid-no-name", "hybrid-multi-none"])
  func aHybridHasTheMembersOfTheMeasuredOne(name: String) throws {
    let fixture = try LayoutFixture(name)
    let written = try members(fixture.images(), HybridArchive())
    #expect(Set(written.map(\.name)) == fixture.names)
    #expect(written.count == fixture.names.count)
    for member in written { #expect(member.content == (try fixture.content(member.name)), "\(member.name)") }
    #expect(written.prefix(2).map(\.name) == ["blobs/", "blobs/sha256/"])
    #expect(written.suffix(3).map(\.name) == ["index.json", "manifest.json", "oci-layout"])
  }

  @Test(arguments: ["oci-multi-both", "oci-two-names"])
  func anArchiveOfSeveralNamesHasTheMembersOfTheMeasuredOne(name: String) throws {
    let fixture = try LayoutFixture(name)
    let written = try members(fixture.images(), OCIArchive())
    #expect(Set(written.map(\.name)) == fixture.names)
    for member in written { #expect(member.content == (try fixture.content(member.name)), "\(member.name)") }
  }

  @Test func oneImageWithOneNameHasTheIndexOfPodman() throws {
    let images = try LayoutFixture("hybrid-one-none").images()
    for options in [FormatOptions(), severalImages] {
      let index = try content("index.json", members(images, OCIArchive(), options))
      #expect(
        index.hasSuffix(#""annotations":{"org.opencontainers.image.ref.name":"localhost/acme/app:1"}}]}"#))
      #expect(!index.contains("io.containerd.image.name"))
    }
  }

  @Test func imagesShareTheirLayers() throws {
    let written = try members(try LayoutFixture("hybrid-multi-none").images(), HybridArchive())
    #expect(Set(written.map(\.name)).count == written.count)
  }

  @Test func aDockerImageKeepsItsManifestAndConfig() throws {
    let image = dockerImage(tags: ["localhost/d:1"])
    let written = try members([image], HybridArchive())
    let index = try JSONValue(parsing: Array(content("index.json", written).utf8))
    let entry = try #require(index["manifests"]?.elements.first { _ in true })
    #expect(entry["mediaType"]?.string == MediaType.dockerManifest.description)
    #expect(entry["digest"]?.string == image.manifest.digest.description)
    let config = try content("blobs/sha256/\(image.config.digest.hex)", written)
    #expect(config == String(decoding: image.config.bytes, as: UTF8.self))
  }

  @Test func aCompressedHybridNamesTheBlobsAsWritten() throws {
    var options = severalImages
    options.codec = try GzipCodec()
    let image = dockerImage(tags: ["localhost/d:1"])
    let written = try members([image], HybridArchive(), options)
    let item = try #require(
      try JSONValue(parsing: Array(content("manifest.json", written).utf8)).elements.first { _ in true })
    let layers = try #require(item["Layers"]).elements.map { try #require($0.string) }
    #expect(layers.count == 1)
    for layer in layers {
      let bytes = try #require(written.first { $0.name == layer }).content
      #expect(bytes.prefix(2) == [0x1f, 0x8b])
      #expect("blobs/sha256/\(SHA256.digest(of: bytes).hex)" == layer)
    }
    let index = try JSONValue(parsing: Array(content("index.json", written).utf8))
    let digest = try #require(index["manifests"]?.elements.first { _ in true }?["digest"]?.string)
    let manifest = try JSONValue(parsing: Array(content("blobs/sha256/\(digest.dropFirst(7))", written).utf8))
    #expect(
      manifest["layers"]?.elements.map { $0["mediaType"]?.string } == [MediaType.dockerLayerGzip.description])
  }

  @Test(arguments: [OCIArchive(), OCIDirectory(), HybridArchive()] as [any ImageFormat])
  func twoImagesUnderOneNameAreRefused(format: any ImageFormat) throws {
    var images = try LayoutFixture("hybrid-multi-none").images()
    images[1] = FormatImage(
      tags: images[0].tags, manifest: images[1].manifest, config: images[1].config, layers: images[1].layers)
    let failure = #expect(throws: Failure.self) {
      try save(images, as: format, severalImages, to: OutputTarget(path: Path(folder.at("new"))))
    }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == images[0].tags[0])
    #expect(!Path(folder.at("new")).exists)
  }

  /// The grammar of containers/image's annotation has no `__` and no `-` at the end.
  @Test func aNameBeyondTheGrammarOfLayoutsIsOnlyInContainerdsAnnotation() throws {
    let names = ["localhost/a__b:1", "localhost/a:x-"]
    let index = try content("index.json", members([dockerImage(tags: names)], HybridArchive()))
    let entries = try #require(try JSONValue(parsing: Array(index.utf8))["manifests"]).elements
    #expect(entries.map { $0["annotations"]?["io.containerd.image.name"]?.string } == names)
    #expect(!index.contains("ref.name"))
    let one = [dockerImage(tags: [names[0]])]
    #expect(try content("index.json", members(one, OCIArchive())).contains("localhost/a__b:1"))
    let failure = #expect(throws: Failure.self) {
      try save(
        [dockerImage(tags: [names[0]])], as: OCIArchive(), to: OutputTarget(path: Path(folder.at("new"))))
    }
    #expect(failure == Failure(.usage, "", "Invalid image localhost/a__b:1"))
  }

  private func dockerImage(tags: [String]) -> FormatImage {
    let layer = MemoryLayer.layer(Array("a layer".utf8))
    let config = Blob(
      mediaType: .dockerConfig,
      bytes: Array(
        #"{"architecture":"amd64","config":{"Healthcheck":{"Test":["NONE"]}},"os":"linux","rootfs":{"type":"layers","diff_ids":["\#(layer.layer.diffID)"]}}"#
          .utf8))
    let manifest =
      #"{"schemaVersion":2,"mediaType":"\#(MediaType.dockerManifest)","config":{"mediaType":"\#(MediaType.dockerConfig)","#
      + #""size":\#(config.bytes.count),"digest":"\#(config.digest)"},"layers":[{"mediaType":"\#(MediaType.dockerLayer)","#
      + #""size":7,"digest":"\#(layer.layer.diffID)"}]}"#
    return FormatImage(
      tags: tags, manifest: Blob(mediaType: .dockerManifest, bytes: Array(manifest.utf8)), config: config,
      layers: [layer])
  }
}
