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

/// Layers that are described, but left out: the receiver has them.
@Suite struct AbsentLayerTests {
  private let folder: TemporaryDirectory
  /// An image of four layers, as a plain hybrid has it.
  private let full: FormatImage

  init() throws {
    folder = try TemporaryDirectory()
    full = try #require(try LayoutFixture("hybrid-one-none").images().first)
  }

  /// The image without some layers.
  private func image(without absent: Set<Int>, of image: FormatImage? = nil) -> FormatImage {
    let image = image ?? full
    return FormatImage(
      tags: image.tags, manifest: image.manifest, config: image.config,
      layers: image.layers.enumerated().map { index, layer in
        absent.contains(index) ? SourceLayer(layer.layer, .absent) : layer
      })
  }

  private func files(
    _ images: [FormatImage], _ format: any ImageFormat = HybridArchive(),
    _ options: FormatOptions = FormatOptions()
  ) throws -> [String: [UInt8]] {
    var target = OutputTarget(path: Path(folder.at("archive")))
    target.force = true
    _ = try save(images, as: format, options, to: target)
    let members = try tarMembers(of: folder.read("archive"))
    #expect(Set(members.map(\.name)).count == members.count, "no member twice")
    return Dictionary(members.map { ($0.name, $0.content) }) { first, _ in first }
  }

  private func prepared(_ images: [FormatImage], _ format: any ImageFormat = HybridArchive()) throws
    -> PreparedOutput
  {
    try format.prepare(images, FormatOptions(), for: OutputTarget(path: Path(folder.at("planned"))))
  }

  /// The archive that all seven loaders of the field were measured with.
  @Test func aHybridHasTheMembersOfTheMeasuredOne() throws {
    let fixture = try LayoutFixture("sparse-app-too-much")
    let written = try files([image(without: [0, 1, 2])])
    #expect(Set(written.keys) == fixture.names)
    for (name, content) in written { #expect(content == (try fixture.content(name)), "\(name)") }
  }

  @Test func anArchiveHasTheBlobsOfTheMeasuredOne() throws {
    let fixture = try LayoutFixture("sparse-app-oci")
    let written = try files([image(without: [0, 1])], OCIArchive())
    #expect(Set(written.keys) == fixture.names)
    for (name, content) in written where name != "index.json" {
      #expect(content == (try fixture.content(name)), "\(name)")
    }
  }

  /// Layers that are left out are plain tars, those that are sent are what their source has.
  @Test func aMixedHybridHasTheMembersOfTheMeasuredOne() throws {
    let fixture = try LayoutFixture("sparse-app-mixed")
    let manifest = try #require(
      try fixture.names.map { try fixture.content($0) }.first { (try? Manifest(parsing: $0))?.config != nil })
    let descriptors = try Manifest(parsing: manifest).layers
    var layers = image(without: [0, 1]).layers
    for index in 2...3 {
      let blob = descriptors[index]
      let bytes = try fixture.content("blobs/sha256/\(blob.digest.hex)")
      layers[index] = SourceLayer(
        Layer(
          diffID: layers[index].layer.diffID, size: nil,
          blob: BlobDescriptor(mediaType: blob.mediaType, digest: blob.digest, size: blob.size)),
        .blob(MemoryLayer(bytes: bytes, fault: nil)))
    }
    var options = FormatOptions()
    options.keepsCompression = true
    let mixed = FormatImage(tags: full.tags, manifest: full.manifest, config: full.config, layers: layers)
    let written = try files([mixed], HybridArchive(), options)
    #expect(Set(written.keys) == fixture.names)
    for (name, content) in written { #expect(content == (try fixture.content(name)), "\(name)") }
  }

  @Test(arguments: [[0], [0, 1], [0, 1, 2, 3], [1]] as [Set<Int>])
  func aSparseHybridIsTheFullOneWithoutBlobs(absent: Set<Int>) throws {
    let complete = try files([full])
    let sparse = try files([image(without: absent)])
    for (name, content) in sparse { #expect(complete[name] == content, "\(name)") }
    let blobs = absent.map { "blobs/sha256/\(full.layers[$0].layer.diffID.hex)" }
    #expect(Set(complete.keys).subtracting(sparse.keys) == Set(blobs))
  }

  @Test func compressedLayersNextToAbsentOnes() throws {
    let written = try files([image(without: [0, 1])], HybridArchive(), FormatOptions(codec: try GzipCodec()))
    let list = try JSONValue(parsing: try #require(written["manifest.json"]))
    let layers = try #require(list.elements.map { $0["Layers"] }.first ?? nil)
    let names = layers.elements.compactMap { $0.string }
    #expect(names.prefix(2) == full.layers.prefix(2).map { "blobs/sha256/\($0.layer.diffID.hex)" }[...])
    #expect(names.map { written[$0] != nil } == [false, false, true, true])
    #expect(names.suffix(2).allSatisfy { written[$0]?.starts(with: [0x1F, 0x8B]) ?? false })
  }

  /// A compressed blob that is left out is found by the digest of its tar only, if at all.
  @Test func anAbsentBlobIsDescribedAsPlainTar() throws {
    let layer = full.layers[0].layer
    let blob = BlobDescriptor(mediaType: .ociLayerGzip, digest: SHA256.digest(of: [1]), size: 1)
    for size in [layer.size, nil] {
      var layers = full.layers
      layers[0] = SourceLayer(Layer(diffID: layer.diffID, size: size, blob: blob), .absent)
      let image = FormatImage(
        tags: full.tags, manifest: full.manifest, config: full.config, layers: layers)
      let output = try save(
        [image], as: HybridArchive(), to: OutputTarget(path: Path(folder.at("\(size == nil)"))))
      let expected =
        size.map { WrittenLayer(digest: layer.diffID, size: $0) }
        ?? WrittenLayer(digest: blob.digest, size: 1, compression: "gzip")
      #expect(output.images[0].layers[0] == expected)
    }
  }

  @Test(arguments: [false, true])
  func aLayerThatAnotherImageNeedsIsSent(reversed: Bool) throws {
    let images = try LayoutFixture("hybrid-multi-none").images()
    let shared = Set(images[0].layers.map(\.layer.diffID)).intersection(images[1].layers.map(\.layer.diffID))
    try #require(!shared.isEmpty)
    let absent = images[0].layers.indices.filter { shared.contains(images[0].layers[$0].layer.diffID) }
    var job = [image(without: Set(absent), of: images[0]), images[1]]
    if reversed { job.reverse() }
    let written = try files(job)
    for digest in shared { #expect(written["blobs/sha256/\(digest.hex)"] != nil) }
    #expect(try prepared(job).absentLayers.isEmpty)
    #expect(try prepared(job).omissions.allSatisfy { $0.chain == nil && !$0.layers.contains(true) })
    // The same as with all layers.
    #expect(written == (try files(reversed ? [images[1], images[0]] : [images[0], images[1]])))
  }

  @Test func aLayerThatNoImageNeedsIsAbsent() throws {
    let images = try LayoutFixture("hybrid-multi-none").images()
    let shared = Set(images[0].layers.map(\.layer.diffID)).intersection(images[1].layers.map(\.layer.diffID))
    let job = images[0...1].map { item in
      image(
        without: Set(item.layers.indices.filter { shared.contains(item.layers[$0].layer.diffID) }), of: item)
    }
    let output = try prepared(job)
    #expect(Set(output.absentLayers.map(\.diffID)) == shared)
    #expect(output.absentLayers.count == shared.count)
    #expect(output.notes.contains { $0.contains("podman pull oci-archive:FILE:NAME") })
    #expect(output.layers.allSatisfy { !shared.contains($0.layer.diffID) })
  }

  @Test func theReceiverNeedsAChain() throws {
    let output = try prepared([image(without: [0, 1])])
    let chain = chainIDs(of: full.layers.map(\.layer.diffID))
    #expect(output.omissions[0].chain == chain[1])
    #expect(output.omissions[0].layers == [true, true, false, false])
    #expect(output.notes.count == 1 && output.notes[0].contains("Error unpacking"))
    let plan = try output.plan()
    let sizes = try full.layers.map { try #require($0.layer.size) }
    #expect(plan.saved == sizes[0] + sizes[1])
    #expect(plan.absentLayers == 2)
    #expect(try prepared([full]).notes.isEmpty)
  }

  @Test func thePlanIsExact() throws {
    for absent in [[0], [0, 1, 2, 3]] as [Set<Int>] {
      let plan = try prepared([image(without: absent)]).plan()
      _ = try files([image(without: absent)])
      #expect(plan.size == UInt64(try folder.read("archive").count))
    }
  }

  /// The manifest describes an absent layer with its size.
  @Test func thePlanOfAnUnmeasuredLayerHasNoSize() throws {
    let unmeasured = FormatImage(
      tags: full.tags, manifest: full.manifest, config: full.config,
      layers: full.layers.map { SourceLayer(Layer(diffID: $0.layer.diffID, size: nil), .absent) })
    #expect(try prepared([image(without: [0, 1, 2, 3])], OCIDirectory()).plan().size != nil)
    #expect(try prepared([unmeasured], OCIDirectory()).plan().size == nil)
    // A layout that has them knows their sizes.
    _ = try save([full], as: OCIDirectory(), to: OutputTarget(path: Path(folder.at("planned"))))
    #expect(try prepared([unmeasured], OCIDirectory()).plan().size != nil)
  }

  /// A layout that has a layer needs it from nobody.
  @Test func aLayoutGrowsByWhatItLacks() throws {
    let target = OutputTarget(path: Path(folder.at("layout")))
    let first = try save([image(without: [0, 1])], as: OCIDirectory(), to: target)
    #expect(first.omissions[0].layers == [true, true, false, false])
    #expect(folder.entries("layout/blobs/sha256").count == 4)
    // Nothing is there to leave out: the layout becomes complete.
    _ = try save([full], as: OCIDirectory(), to: target)
    #expect(folder.entries("layout/blobs/sha256").count == 6)
    let index = try folder.read("layout/index.json")
    let again = try save([image(without: [0, 1])], as: OCIDirectory(), to: target)
    #expect(again.omissions[0].chain == nil && !again.omissions[0].layers.contains(true))
    #expect(try folder.read("layout/index.json") == index)
    #expect(folder.entries("layout/blobs/sha256").count == 6)
  }

  @Test func formatsOfPodmanAndDockerCannot() {
    #expect(!DockerArchive().canLeaveOut && !DockerDirectory().canLeaveOut)
    #expect(HybridArchive().canLeaveOut && OCIArchive().canLeaveOut && OCIDirectory().canLeaveOut)
  }
}
