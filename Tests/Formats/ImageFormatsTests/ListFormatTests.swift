import Compression
import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource
import JSON
import Outputs
import POSIX
import StoreFixtures
import Testing

@testable import ImageFormats

/// Lists of images in the formats with an index.
@Suite struct ListFormatTests {
  private static let tag = "localhost/acme/list:1"
  private let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  /// An image for an architecture.
  private static func image(_ architecture: String, _ type: MediaType = .ociManifest) -> FormatImage {
    let layer = MemoryLayer.layer(Array("for \(architecture)".utf8))
    let isOCI = type == .ociManifest
    let config = Blob(
      mediaType: isOCI ? .ociConfig : .dockerConfig,
      bytes: Array(
        #"{"architecture":"\#(architecture)","os":"linux","rootfs":{"type":"layers","diff_ids":["\#(layer.layer.diffID)"]}}"#
          .utf8))
    let manifest =
      #"{"schemaVersion":2,"mediaType":"\#(type)","config":{"mediaType":"\#(config.mediaType)","#
      + #""size":\#(config.bytes.count),"digest":"\#(config.digest)"},"layers":[{"mediaType":"\#(isOCI ? MediaType.ociLayer : .dockerLayer)","#
      + #""size":\#(layer.layer.size ?? 0),"digest":"\#(layer.layer.diffID)"}]}"#
    return FormatImage(
      tags: [], manifest: Blob(mediaType: type, bytes: Array(manifest.utf8)), config: config, layers: [layer])
  }

  /// A list with an entry for each image, and with more entries.
  private static func list(
    _ images: [(FormatImage, String)], _ type: MediaType = .ociIndex, more: String = ""
  ) throws -> SourceList {
    let entries = images.map { image, architecture in
      #"{"mediaType":"\#(image.manifest.mediaType)","digest":"\#(image.manifest.digest)","size":\#(image.manifest.bytes.count),"platform":{"architecture":"\#(architecture)","os":"linux"}}"#
    }
    return try SourceList(
      parsing: Array(
        #"{"schemaVersion":2,"mediaType":"\#(type)","manifests":[\#(entries.joined(separator: ","))\#(more)]}"#
          .utf8))
  }

  /// Images as those of a list; the one at `choice` stands for it.
  private static func images(
    _ images: [FormatImage], of list: SourceList, number: Int = 0, tags: [String] = [tag], choice: Int = 0
  ) -> [FormatImage] {
    images.enumerated().map { position, image in
      FormatImage(
        tags: tags, manifest: image.manifest, config: image.config, layers: image.layers,
        list: OutputList(
          number: number, source: list, instance: image.manifest.digest, platform: nil,
          isFirstChoice: position == choice))
    }
  }

  private static let architectures = ["amd64", "arm64", "s390x"]

  private func whole(_ type: MediaType = .ociManifest) throws -> (images: [FormatImage], list: SourceList) {
    let images = Self.architectures.map { Self.image($0, type) }
    let listType: MediaType = type == .ociManifest ? .ociIndex : .dockerManifestList
    return (images, try Self.list(Array(zip(images, Self.architectures)), listType))
  }

  private func written(
    _ images: [FormatImage], _ format: any ImageFormat, _ options: FormatOptions = FormatOptions()
  ) throws -> (members: [FoundMember], output: WrittenOutput) {
    var target = OutputTarget(path: Path(folder.at("archive")))
    target.force = true
    let output = try save(images, as: format, options, to: target)
    return (try tarMembers(of: folder.read("archive")), output)
  }

  private func content(_ name: String, _ members: [FoundMember]) throws -> [UInt8] {
    try #require(members.first { $0.name == name }, "\(name)").content
  }

  private func entries(_ members: [FoundMember]) throws -> [JSONValue] {
    Array(try #require(try JSONValue(parsing: content("index.json", members))["manifests"]).elements)
  }

  /// The archive that five loaders of the field were measured with.
  @Test func aListOfOneImageHasTheMembersOfTheMeasuredOne() throws {
    let fixture = try LayoutFixture("list-trimmed")
    let digest = "e55fd1a6a52bb1a8e1813c253efcbb3221b30b84ca09e9f314eede1321538f52"
    let list = try SourceList(parsing: fixture.content("blobs/sha256/\(digest)"))
    let image = try fixture.image(list.entries[0])
    let members = try written(Self.images([image], of: list), OCIArchive()).members
    #expect(Set(members.map(\.name)) == fixture.names)
    #expect(members.count == fixture.names.count)
    for member in members { #expect(member.content == (try fixture.content(member.name)), "\(member.name)") }
  }

  @Test(
    arguments: [OCIArchive(), HybridArchive()] as [any ImageFormat], [MediaType.ociManifest, .dockerManifest])
  func aListIsOneEntryWithItsOwnBytes(format: any ImageFormat, type: MediaType) throws {
    let (images, list) = try whole(format.family == .oci ? .ociManifest : type)
    let (members, output) = try written(Self.images(images, of: list), format)
    let entries = try entries(members)
    #expect(entries.map { $0["digest"]?.string } == ["\(list.blob.digest)"])
    #expect(entries[0]["mediaType"]?.string == list.blob.mediaType.description)
    for key in ["io.containerd.image.name", "org.opencontainers.image.ref.name"] {
      #expect(entries[0]["annotations"]?.field(key)?.string == Self.tag)
    }
    #expect(try content("blobs/sha256/\(list.blob.digest.hex)", members) == list.blob.bytes)
    #expect(output.lists == [list.blob])
    // Three layers, configs and manifests, one list, and no member twice.
    #expect(members.count { $0.name.hasPrefix("blobs/sha256/") } - 1 == 10)
    #expect(Set(members.map(\.name)).count == members.count)
  }

  @Test func compressedLayersMakeAnotherList() throws {
    var options = FormatOptions()
    options.codec = try GzipCodec()
    let (images, list) = try whole()
    let (members, output) = try written(Self.images(images, of: list), OCIArchive(), options)
    let bytes = try content("blobs/sha256/\(output.lists[0].digest.hex)", members)
    let entries = try SourceList(parsing: bytes).entries
    #expect(entries.map(\.digest) == output.images.map { $0.manifest?.digest })
    #expect(entries.map(\.platform) == list.entries.map(\.platform))
    #expect(output.lists[0].digest != list.blob.digest)
    #expect(try self.entries(members)[0]["digest"]?.string == "\(output.lists[0].digest)")
  }

  /// An image of a list, under a name of its own.
  private static func alone(_ image: FormatImage) -> FormatImage {
    FormatImage(
      tags: ["localhost/alone:1"], manifest: image.manifest, config: image.config, layers: image.layers)
  }

  @Test func severalNamesAndAnImageAlone() throws {
    var options = FormatOptions()
    options.isMultiImage = true
    let (images, list) = try whole()
    let alone = Self.alone(images[0])
    let tags = [Self.tag, "localhost/acme/list:2"]
    let all = Self.images(images, of: list, tags: tags) + [alone]
    let (members, output) = try written(all, OCIArchive(), options)
    let digests = try entries(members).map { $0["digest"]?.string }
    #expect(digests == ["\(list.blob.digest)", "\(list.blob.digest)", "\(images[0].manifest.digest)"])
    #expect(members.count { $0.name.hasPrefix("blobs/sha256/") } - 1 == 10)
    #expect(output.images.count == 4 && output.outlines.map(\.images) == [0..<3])
  }

  @Test func anImageAloneMayComeFirst() throws {
    var options = FormatOptions()
    options.isMultiImage = true
    let (images, list) = try whole()
    let alone = Self.alone(images[0])
    let all =
      [alone] + Self.images(images, of: list)
      + Self.images([images[2]], of: list, number: 1, tags: ["localhost/x:1"])
    let (members, output) = try written(all, OCIArchive(), options)
    #expect(
      try entries(members).map { $0["digest"]?.string } == [
        "\(images[0].manifest.digest)", "\(list.blob.digest)", "\(output.lists[1].digest)",
      ])
    #expect(output.outlines.map(\.images) == [1..<4, 4..<5])
    #expect(output.outlines.map(\.absentPlatforms) == [[], ["linux/amd64", "linux/arm64"]])
  }

  /// Readers prefer the entries that say so.
  @Test func anEntrySaysThatAllItsLayersAreZstd() throws {
    let (images, list) = try whole()
    let item = try #require(NamedManifest.all(of: Self.images(images, of: list)).first)
    func layers(_ compressions: [String?]) -> [WrittenLayer] {
      compressions.map { WrittenLayer(digest: SHA256.digest(of: []), size: 1, compression: $0) }
    }
    let manifests = images.map { Blob(mediaType: .ociManifest, bytes: $0.manifest.bytes + [0x0A]) }
    let blob = item.blob(
      Array(zip(manifests, [layers(["zstd", "zstd"]), layers(["zstd", nil]), layers([])])))
    let entries = try SourceList(parsing: blob.bytes).entries
    #expect(entries.map { !$0.annotations.isEmpty } == [true, false, false])
    #expect(entries[0].annotations.map(\.key) == ["io.github.containers.compression.zstd"])
  }

  @Test func twoListsUnderOneNameAreRefused() throws {
    let (images, list) = try whole()
    let all = Self.images(images, of: list) + Self.images([images[1]], of: list, number: 1)
    let failure = #expect(throws: Failure.self) { try written(all, HybridArchive()) }
    #expect(failure?.kind == .badData && failure?.subject == Self.tag)
  }

  /// Docker classic would load both images and leave the name at the last.
  @Test(arguments: [0, 1])
  func manifestJSONHasOneImageOfAList(choice: Int) throws {
    let (images, list) = try whole()
    let (members, output) = try written(Self.images(images, of: list, choice: choice), HybridArchive())
    let items = Array(try JSONValue(parsing: content("manifest.json", members)).elements)
    #expect(items.count == 1)
    #expect(items[0]["Config"]?.string == "blobs/sha256/\(images[choice].config.digest.hex)")
    #expect(items[0]["RepoTags"]?.elements.map(\.string) == [Self.tag])
    for (position, image) in output.images.enumerated() {
      let loads = image.loads.map {
        "\($0.loader) \($0.id?.hex.prefix(4) ?? "-") \($0.digest?.hex.prefix(4) ?? "-")"
      }
      let (id, digest) = (images[position].config.digest.hex.prefix(4), list.blob.digest.hex.prefix(4))
      #expect(
        loads == ["podman \(id) \(digest)"] + (position == choice ? ["docker \(id) -"] : [])
          + ["dockerWithContainerd \(digest) \(digest)", "containerd - \(digest)"])
    }
  }

  @Test func whatIsLeftOutIsNotedAndPlanned() throws {
    let images = Self.architectures.map { Self.image($0) }
    let attestation =
      #",{"mediaType":"\#(MediaType.ociManifest)","digest":"\#(SHA256.digest(of: []))","size":1,"annotations":{"vnd.docker.reference.type":"attestation-manifest"}}"#
    let list = try Self.list(Array(zip(images, Self.architectures)), more: attestation)
    let prepared = try OCIArchive().prepare(
      Self.images([images[1]], of: list), FormatOptions(), for: OutputTarget(path: Path(folder.at("a"))))
    #expect(prepared.notes == ["\(Self.tag): left out of its list: linux/amd64, linux/s390x, attestations"])
    let plan = try prepared.plan()
    #expect(plan.lists.map(\.absentPlatforms) == [["linux/amd64", "linux/s390x"]])
    #expect(plan.lists.map(\.platforms) == [["linux/arm64"]])
    #expect(plan.notes == prepared.notes)
  }

  @Test func aLayoutGrowsByAList() throws {
    let target = OutputTarget(path: Path(folder.at("layout")))
    let (images, list) = try whole()
    let first = Self.images([images[0]], of: list)
    let written = try save(first, as: OCIDirectory(), to: target)
    let again = try save(Self.images(images, of: list), as: OCIDirectory(), to: target)
    #expect(again.present.count == 1)
    let index = try JSONValue(parsing: folder.read("layout/index.json"))
    let entries = Array(try #require(index["manifests"]).elements)
    // The name moves to the new list.
    #expect(entries.map { $0["digest"]?.string } == [written.lists[0], again.lists[0]].map { "\($0.digest)" })
    #expect(entries.map { $0["annotations"]?["io.containerd.image.name"]?.string } == [nil, Self.tag])
  }
}
