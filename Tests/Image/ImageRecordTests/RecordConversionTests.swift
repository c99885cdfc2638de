import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON
import Testing

@testable import ImageRecord

/// A record in the other format, and what it tells of that.
@Suite struct RecordConversionTests {
  private static let diffID = SHA256.digest(of: [1])
  private static let config = Array(
    #"{"architecture":"arm","os":"linux","rootfs":{"type":"layers","diff_ids":["\#(diffID)"]}}"#.utf8)

  private func record(layerType: MediaType = .ociLayer, others: [RecordMember] = []) throws -> ImageRecord {
    let config = Blob(mediaType: .ociConfig, bytes: Self.config)
    let manifest =
      #"{"schemaVersion":2,"mediaType":"\#(MediaType.ociManifest)","config":{"mediaType":"\#(config.mediaType)","#
      + #""digest":"\#(config.digest)","size":\#(config.bytes.count)},"layers":[{"mediaType":"\#(layerType)","#
      + #""digest":"\#(Self.diffID)","size":1}]}"#
    return ImageRecord(
      input: "a", name: nil, tags: [], id: config.digest.hex,
      manifest: Blob(mediaType: .ociManifest, bytes: Array(manifest.utf8)), config: config,
      layers: [
        RecordLayer(
          mediaType: .ociLayerGzip, layer: Layer(diffID: Self.diffID, size: 1),
          locator: try RecordObject { _ in })
      ],
      storage: RecordStorage(kind: "x", members: try RecordObject { _ in }), others: others)
  }

  private func keys(_ record: ImageRecord) -> [String] {
    record.others.map { String(decoding: $0.key, as: UTF8.self) }
  }

  @Test func layersGetTheTypeOfTheFormat() throws {
    let docker = try record().converted(to: .docker)
    #expect(docker.manifest.mediaType == .dockerManifest)
    #expect(docker.config?.mediaType == .dockerConfig)
    #expect(docker.layers.map(\.mediaType) == [.dockerLayer])
    let oci = try docker.converted(to: .oci)
    #expect(oci.manifest.mediaType == .ociManifest)
    #expect(oci.layers.map(\.mediaType) == [.ociLayer])
  }

  @Test func whatStaysIsNoConversion() throws {
    let record = try record()
    let converted = try record.converted(to: .oci)
    #expect(converted.manifest == record.manifest)
    #expect(converted.conversion == nil && converted.others.isEmpty)
    #expect(
      record.description(ofConversion: converted, to: "x")
        == "image \(record.id), to x: manifest \(record.manifest.digest), \(MediaType.ociManifest), kept")
  }

  /// The first manifest and all reasons, each once, at the first place.
  @Test func conversionsAddUp() throws {
    let others = try ["x", "y"].map { try RecordMember($0) { $0.null() } }
    let record = try record(layerType: .ociLayerGzip, others: others)
    let once = try record.converted(to: .oci)
    #expect(keys(once) == ["x", "y", "converted"])
    #expect(once.conversion?.manifest == record.manifest.digest.description)
    #expect(once.conversion?.reasons == ["layer media types are those of plain tar"])
    #expect(
      record.description(ofConversion: once, to: "x")
        == "image \(record.id), to x: manifest \(record.manifest.digest), \(MediaType.ociManifest), "
        + "becomes \(once.manifest.digest)")
    var moved = once
    moved.others.append(try RecordMember("z") { $0.null() })
    let twice = try moved.converted(to: .docker)
    #expect(keys(twice) == ["x", "y", "converted", "z"])
    #expect(twice.conversion?.manifest == record.manifest.digest.description)
    #expect(
      twice.conversion?.reasons == [
        "layer media types are those of plain tar", "converted to the other format",
      ])
    // Back again, for the same reason.
    #expect(try twice.converted(to: .oci).conversion?.reasons.prefix(2) == twice.conversion?.reasons[...])
    // The member is read from a record like any other.
    #expect(once.line.count > record.line.count)
  }

  @Test(
    arguments: [
      ("7", nil, []), ("{}", nil, []), (#"{"manifest":1}"#, nil, []), (#"{"manifest":"m"}"#, "m", []),
      (#"{"manifest":"m","reasons":["a",1,"b"]}"#, "m", ["a", "b"]),
      (#"{"manifest":"m","reasons":"a"}"#, "m", []),
    ] as [(String, String?, [String])])
  func aConversionOfAnotherToolIsReadAsFarAsItGoes(text: String, manifest: String?, reasons: [String]) throws {
    let value = try JSONValue(parsing: Array(text.utf8))
    let record = try record(others: [try RecordMember("converted") { $0.raw(value) }])
    #expect(record.conversion?.manifest == manifest)
    #expect(record.conversion?.reasons ?? [] == reasons)
  }

  @Test func failuresNameTheImage() throws {
    var record = try record()
    record.layers = []
    #expect(throws: Failure(.badData, "a", "layers do not match rootfs.diff_ids of the config")) {
      try record.converted(to: .oci)
    }
    record = try self.record()
    record.config = nil
    let digest = SHA256.digest(of: Self.config)
    #expect(throws: Failure(.badData, "a", "config \(digest) is missing")) { try record.converted(to: .oci) }
  }
}
