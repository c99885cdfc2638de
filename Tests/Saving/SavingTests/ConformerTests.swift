import Compression
import ContainersStorage
import Diagnostics
import Digests
import ImageFormats
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource
import JSON
import Outputs
import POSIX
import Saving
import StoreFixtures
import Testing
import Verification

/// A new format, source or codec needs one file and no other change.
@Suite(.timeLimit(.minutes(5))) struct ConformerTests {
  let folder: TemporaryDirectory
  private let layers = [deterministicBytes(700_000, seed: 1), deterministicBytes(3000, seed: 2), []]

  init() throws {
    folder = try TemporaryDirectory()
    try folder.makeDirectory("out")
  }

  /// The record of an image in a folder; all blobs but the second are gzipped, sizes of tars are unknown.
  private func folderRecord(absent: Int? = nil, sizes: Bool = false) throws -> ImageRecord {
    let config = makeConfig(layers: layers.map { LayerTar(bytes: $0) })
    var descriptors: [RecordLayer] = []
    for (index, bytes) in layers.enumerated() {
      let blob = index == 1 ? bytes : gzipped(bytes)
      let digest = SHA256.digest(of: blob)
      try folder.write(blob, to: "images/\(digest.hex)")
      let type: MediaType = index == 1 ? .dockerLayer : .dockerLayerGzip
      descriptors.append(
        RecordLayer(
          mediaType: .dockerLayer,
          layer: Layer(
            diffID: SHA256.digest(of: bytes), size: sizes ? UInt64(bytes.count) : nil,
            blob: BlobDescriptor(mediaType: type, digest: digest, size: UInt64(blob.count))),
          isAbsent: index == absent, locator: try RecordObject { _ in }))
    }
    let manifest = makeManifest(config: config, layers: layers.map { LayerTar(bytes: $0) }, format: .docker)
    let record = ImageRecord(
      input: "only", name: nil, tags: [], id: SHA256.digest(of: config).hex,
      manifest: Blob(mediaType: .dockerManifest, bytes: manifest),
      config: Blob(mediaType: .dockerConfig, bytes: config), layers: descriptors,
      storage: RecordStorage(
        kind: FolderSource.kind,
        members: try RecordObject { json in
          json.key("kind")
          json.string(FolderSource.kind)
          json.key("path")
          json.string(folder.at("images"))
        }))
    try folder.write(record.line, to: "images/records")
    return try FolderSource(record.storage).record(for: .name("only"))
  }

  private func job(_ format: any ImageFormat, _ codec: (any Codec)?, _ name: String) -> SaveJob {
    var target = OutputTarget(path: Path(folder.at("out/\(name)")))
    target.summarizes = true
    return SaveJob(
      format: format, target: target, options: FormatOptions(codec: codec),
      providers: [ContainersStore.self, FolderSource.self])
  }

  /// The decoded contents of the layers in a list archive, according to its list.
  private func listed(_ bytes: [UInt8]) throws -> [[UInt8]] {
    let members = try tarMembers(of: bytes)
    let list = try #require(members.first { $0.name == "list" })
    return try String(decoding: list.content, as: UTF8.self).split(separator: "\n").map { line in
      let fields = line.split(separator: " ")
      let digest = try #require(Digest(String(fields[0])))
      let content = try #require(members.first { $0.name == "layers/\(digest.hex)" }).content
      #expect(SHA256.digest(of: content) == digest && String(content.count) == fields[1])
      return fields[2] == "mirror" ? try #require(MirrorCodec.decoded(content)) : content
    }
  }

  @Test(arguments: [false, true], [false, true])
  func allThreeWorkTogether(mirrors: Bool, sizes: Bool) throws {
    let record = try folderRecord(sizes: sizes)
    let selection = try SaveSelection([record], format: ListFormat())
    let job = job(ListFormat(), mirrors ? MirrorCodec() : nil, "list")
    let plan = try job.prepare(selection).plan()
    #expect(plan.refusals.isEmpty)
    let written = try job.prepare(selection).run()
    let bytes = try folder.read("out/list")
    #expect(written.output?.size == UInt64(bytes.count))
    #expect(try listed(bytes) == layers)
    #expect(written.images[0].layers.map(\.compression) == Array(repeating: mirrors ? "mirror" : nil, count: 3))
    let members = try tarMembers(of: bytes)
    #expect(members.first?.name == "layers/" && members.last?.name == "latest")
    let planned = try JSONValue(parsing: plan.line, rules: .strict)
    #expect(planned["format"]?.string == "list")
    let names = planned["members"]?.elements.map { $0["name"]?.string } ?? []
    if !mirrors, sizes {
      #expect(names == members.map(\.name))
      #expect(planned["size"]?.int64 == Int64(bytes.count))
    } else {
      // A plain blob is passed on under its own name and size.
      #expect(names.count { $0 == nil } == (mirrors ? 3 : 2))
      #expect(zip(names, members).allSatisfy { $0 ?? $1.name == $1.name } && names.count == members.count)
      #expect(planned["size"]?.isNull == true)
    }
    let report = try JSONValue(
      parsing: SaveReport(selection, job, written).line, rules: .strict)
    #expect(report["sha256"]?.string == SHA256.digest(of: bytes).hex)
  }

  @Test func theSourceFeedsTheOtherFormats() throws {
    let record = try folderRecord(sizes: true)
    let archive = try job(DockerArchive(), nil, "archive").prepare(
      SaveSelection([record], format: DockerArchive())
    ).run()
    #expect(archive.output?.size == UInt64(try folder.read("out/archive").count))
    let members = try tarMembers(of: folder.read("out/archive"))
    #expect(members.filter { $0.name.hasSuffix(".tar") && !$0.name.contains("/") }.map(\.content) == layers)
    let converted = try record.converted(to: .oci)
    for codec in [nil, MirrorCodec()] as [MirrorCodec?] {
      let name = "layout-\(codec == nil ? "plain" : "mirror")"
      let written = try job(OCIDirectory(), codec, name).prepare(
        SaveSelection([converted], format: OCIDirectory())
      ).run()
      let manifest = try #require(written.images[0].manifest)
      let value = try JSONValue(parsing: manifest.bytes, rules: .strict)
      let types = value["layers"]?.elements.compactMap { $0["mediaType"]?.string } ?? []
      let suffix = codec == nil ? "" : "+mirror"
      #expect(types == Array(repeating: "application/vnd.oci.image.layer.v1.tar\(suffix)", count: 3))
      for (layer, bytes) in zip(written.images[0].layers, layers) {
        let blob = try folder.read("out/\(name)/blobs/sha256/\(layer.digest.hex)")
        #expect(codec == nil ? blob == bytes : MirrorCodec.decoded(blob) == bytes)
      }
    }
  }

  /// As a plain tar if its size is known, whatever its source has.
  @Test(arguments: [false, true])
  func anAbsentLayerIsDescribedAndNotWritten(sizes: Bool) throws {
    let record = try folderRecord(absent: 0, sizes: sizes)
    #expect(record.layers.map(\.isAbsent) == [true, false, false])
    let written = try job(ListFormat(), nil, "list").prepare(SaveSelection([record], format: ListFormat()))
      .run()
    let blob = try #require(record.layers[0].layer.blob)
    let plain = WrittenLayer(digest: SHA256.digest(of: layers[0]), size: UInt64(layers[0].count))
    #expect(
      written.images[0].layers[0]
        == (sizes ? plain : WrittenLayer(digest: blob.digest, size: blob.size, compression: "gzip")))
    let names = try tarMembers(of: folder.read("out/list")).map(\.name)
    #expect(names.filter { $0.hasPrefix("layers/") }.count == 3)
  }

  /// Its source has the size of the blob only: reading it finds out that of the tar, unless it is damaged.
  @Test(arguments: [false, true])
  func theSizeOfAnAbsentBlobIsMeasured(damaged: Bool) throws {
    let record = try folderRecord(absent: 0)
    let blob = try #require(record.layers[0].layer.blob)
    if damaged { try folder.write([1, 2, 3], to: "images/\(blob.digest.hex)") }
    let job = job(ListFormat(), nil, "list")
    let selection = try SaveSelection([record], format: ListFormat())
    let plan = try JSONValue(parsing: job.prepare(selection).plan().line, rules: .strict)
    #expect(plan["size"]?.isNull == true && plan["saved"]?.isNull == true)
    let written = try job.prepare(job.measured(selection)).run()
    let plain = WrittenLayer(digest: SHA256.digest(of: layers[0]), size: UInt64(layers[0].count))
    #expect(
      written.images[0].layers[0]
        == (damaged ? WrittenLayer(digest: blob.digest, size: blob.size, compression: "gzip") : plain))
    #expect(written.saved == (damaged ? nil : plain.size))
  }

  /// What is sent is not read twice, and a damaged layer hides no other.
  @Test func onlyAbsentLayersAreMeasured() throws {
    var record = try folderRecord(absent: 0)
    record.layers[2].isAbsent = true
    let blob = try #require(record.layers[0].layer.blob)
    try folder.write([1, 2, 3], to: "images/\(blob.digest.hex)")
    let measured = job(ListFormat(), nil, "list").measured(try SaveSelection([record], format: ListFormat()))
    #expect(measured.records[0].layers.map(\.layer.size) == [nil, nil, UInt64(layers[2].count)])
  }

  /// The tar in a compressed blob, and the blob itself.
  @Test(arguments: [(0, 2), (1, 1)])
  func aDamagedBlobIsAFaultOfItsLayer(index: Int, count: Int) throws {
    let record = try folderRecord()
    #expect(
      try RecordVerification([record], providers: [FolderSource.self], threads: 2).findings.faults == [])
    let name = try #require(record.layers[index].layer.blob).digest.hex
    var bytes = try folder.read("images/\(name)")
    bytes[bytes.count / 2] ^= 1
    try folder.write(bytes, to: "images/\(name)")
    let faults = try RecordVerification([record], providers: [FolderSource.self], threads: 2).findings.faults
    #expect(faults.map(\.code) == Array(repeating: .diffID, count: count))
    for fault in faults {
      #expect(fault.image == "only" && fault.reason.hasPrefix("layer \(index + 1) sha256:"))
    }
  }

  @Test(arguments: [0, 1])
  func aDamagedBlobIsRefused(index: Int) throws {
    let record = try folderRecord()
    let name = try #require(record.layers[index].layer.blob).digest.hex
    var bytes = try folder.read("images/\(name)")
    bytes[bytes.count / 2] ^= 1
    try folder.write(bytes, to: "images/\(name)")
    let failure = #expect(throws: Failure.self) {
      try job(ListFormat(), MirrorCodec(), "list").prepare(SaveSelection([record], format: ListFormat())).run()
    }
    #expect(failure?.kind == .badData)
    #expect(folder.entries("out") == [])
  }

  @Test func aKindThatNoProviderHasIsUnavailable() throws {
    let record = try folderRecord()
    let selection = try SaveSelection([record], format: ListFormat())
    var job = job(ListFormat(), nil, "list")
    job = SaveJob(format: job.format, target: job.target, providers: [ContainersStore.self])
    let failure = #expect(throws: Failure.self) { try job.prepare(selection).run() }
    #expect(failure == Failure(.unavailable, "only", "images of the kind \"folder\" are not supported"))
  }
}
