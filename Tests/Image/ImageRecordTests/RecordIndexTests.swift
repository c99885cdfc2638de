import Diagnostics
import Digests
import Foundation
import ImageManifest
import ImageModel
import JSON
import Testing

@testable import ImageRecord

/// The member `index`: the list that an image is written with.
@Suite struct RecordIndexTests {
  private static let config = Blob(
    mediaType: .ociConfig,
    bytes: Array(
      #"{"architecture":"arm","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#.utf8))
  private static let manifest = Blob(
    mediaType: .ociManifest,
    bytes: Array(
      #"{"schemaVersion":2,"mediaType":"\#(MediaType.ociManifest)","config":{"mediaType":"\#(MediaType.ociConfig)","digest":"\#(config.digest)","size":\#(config.bytes.count)},"layers":[]}"#
        .utf8))

  private static func list(size: Int = manifest.bytes.count, _ digest: Digest = manifest.digest) -> Blob {
    Blob(
      mediaType: .ociIndex,
      bytes: Array(
        #"{"mediaType":"\#(MediaType.ociIndex)","manifests":[{"mediaType":"\#(MediaType.ociManifest)","digest":"\#(digest)","size":\#(size),"platform":{"architecture":"arm","os":"linux"}}]}"#
          .utf8))
  }

  private func record(_ list: Blob = list(), instance: Digest = manifest.digest) throws -> ImageRecord {
    var record = ImageRecord(
      input: "a", name: "localhost/a:1", tags: ["localhost/a:1"], id: Self.config.digest.hex,
      manifest: Self.manifest, config: Self.config, layers: [],
      storage: RecordStorage(
        kind: "layout",
        members: try RecordObject { json in
          json.key("kind")
          json.string("layout")
          json.key("path")
          json.string("/a")
        }))
    record.index = RecordIndex(list: try SourceList(parsing: list.bytes), instance: instance)
    return record
  }

  private func replaced(_ old: String, _ new: String) throws -> [UInt8] {
    let line = String(decoding: try record().line, as: UTF8.self)
    let place = try #require(line.range(of: old, options: .backwards))
    return Array(line.replacingCharacters(in: place, with: new).utf8)
  }

  @Test func roundTripsToTheSameLine() throws {
    var record = try record()
    #expect(try ImageRecord.records(in: record.line)[0].line == record.line)
    record.index?.platform = Platform(os: "linux", architecture: "arm", variant: "v7")
    let again = try ImageRecord.records(in: record.line)[0]
    #expect(again.line == record.line)
    #expect(again.index?.platform == record.index?.platform)
    record.index = nil
    #expect(!String(decoding: record.line, as: UTF8.self).contains("index"))
  }

  @Test func aConversionKeepsTheInstance() throws {
    let converted = try record().converted(to: .docker)
    #expect(converted.manifest.digest != Self.manifest.digest)
    #expect(converted.index?.instance == Self.manifest.digest)
    #expect(try ImageRecord.records(in: converted.line)[0].index?.entry?.digest == Self.manifest.digest)
  }

  @Test func anEditOfThePlatformIsKeptForTheList() throws {
    var record = try record().addingContent()
    let line = String(decoding: record.line, as: UTF8.self)
    let edited = line.replacing(
      #""content":{"architecture":"arm""#, with: #""content":{"variant":"v7","architecture":"arm""#)
    #expect(edited != line)
    record = try ImageRecord.records(in: Array(edited.utf8), acceptingEdits: true)[0].amended()
    #expect(record.index?.platform == Platform(os: "linux", architecture: "arm", variant: "v7"))
    #expect(record.index?.instance == Self.manifest.digest)
    // An edit of something else leaves the platform of the list.
    let other = line.replacing(
      #""content":{"architecture":"arm""#, with: #""content":{"author":"a","architecture":"arm""#)
    #expect(
      try ImageRecord.records(in: Array(other.utf8), acceptingEdits: true)[0].amended().index?.platform == nil)
  }

  @Test func faultsHaveThePathOfTheMember() throws {
    func failure(_ text: [UInt8]) -> String {
      do throws(Failure) {
        _ = try ImageRecord.records(in: text)
        return "none"
      } catch {
        return error.description
      }
    }
    let digest = "\(Self.manifest.digest)"
    let other = SHA256.digest(of: [])
    #expect(
      failure(try replaced(#""instance":"\#(digest)""#, #""instance":"\#(other)""#))
        == "record 1: index: instance: the list does not have \(other)")
    #expect(
      failure(try replaced(#""instance":"\#(digest)""#, #""instance":1"#)).hasPrefix(
        "record 1: index: instance: "))
    #expect(failure(try replaced("\(Self.list().digest)", "\(other)")).hasPrefix("record 1: index: digest: "))
    #expect(
      failure(try replaced(MediaType.ociIndex.description, MediaType.dockerManifestList.description))
        == "record 1: index: mediaType: the data is of the type \(MediaType.ociIndex)")
    #expect(
      failure(try record(Self.list(size: 1)).line)
        == "record 1: index: instance: the list says that it has 1 bytes")
    #expect(
      failure(try replaced(#""instance":"\#(digest)""#, #""instance":"\#(digest)","platform":{}"#))
        .hasPrefix("record 1: index: "))
    // The data must be a list.
    var line = String(decoding: try record().line, as: UTF8.self)
    let index = try #require(line.range(of: #""index":{"#))
    let end = try #require(line.range(of: #","instance""#, range: index.upperBound..<line.endIndex))
    let manifest = try #require(line.range(of: #""manifest":{"#))
    let manifestEnd = try #require(line.range(of: "}", range: manifest.upperBound..<line.endIndex))
    let blob = String(line[manifest.upperBound..<manifestEnd.lowerBound])
    line.replaceSubrange(index.upperBound..<end.lowerBound, with: blob)
    #expect(failure(Array(line.utf8)) == "record 1: index: not a list of manifests")
  }
}
