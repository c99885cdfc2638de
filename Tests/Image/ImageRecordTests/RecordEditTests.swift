import Diagnostics
import Digests
import Foundation
import ImageModel
import JSON
import Testing

@testable import ImageRecord

/// Edits that no image can have.
@Suite struct RecordEditTests {
  private static let diffID = SHA256.digest(of: [1])

  /// The line of a record with its config as JSON, to be edited.
  private func line() throws -> String {
    let config = Blob(
      mediaType: .ociConfig,
      bytes: Array(
        (#"{"os":"linux","architecture":"amd64","config":{"Labels":{"a":"b"},"StopTimeout":7},"#
          + #""rootfs":{"type":"layers","diff_ids":["\#(Self.diffID)"]}}"#).utf8))
    let manifest =
      #"{"schemaVersion":2,"config":{"mediaType":"\#(MediaType.ociConfig)","digest":"\#(config.digest)","#
      + #""size":\#(config.bytes.count)},"layers":[{"mediaType":"\#(MediaType.ociLayer)","#
      + #""digest":"\#(Self.diffID)","size":1}]}"#
    let place = try RecordObject { json in
      json.key("path")
      json.string("/x")
    }
    let storage = try RecordObject { json in
      for (key, value) in [("kind", "layout"), ("path", "/x")] {
        json.key(key)
        json.string(value)
      }
    }
    let record = ImageRecord(
      input: "a", name: nil, tags: [], id: config.digest.hex,
      manifest: Blob(mediaType: .ociManifest, bytes: Array(manifest.utf8)), config: config,
      layers: [
        RecordLayer(mediaType: .ociLayer, layer: Layer(diffID: Self.diffID, size: 1), locator: place)
      ],
      storage: RecordStorage(kind: "layout", members: storage))
    return String(decoding: try record.addingContent().line, as: UTF8.self)
  }

  private func amended(_ line: [UInt8]) throws -> ImageRecord {
    try #require(try ImageRecord.records(in: line, acceptingEdits: true).first).amended()
  }

  @Test func aGoodEditIsApplied() throws {
    let edited = try line().replacing(#""a":"b""#, with: #""a":"\u0000\u001b""#)
    let record = try amended(Array(edited.utf8))
    #expect(record.config.map { String(decoding: $0.bytes, as: UTF8.self).contains(#"\u0000\u001b"#) } == true)
    #expect(record.id == record.config?.digest.hex)
  }

  @Test(arguments: [
    (#""os":"linux","#, #""os":"linux","OS":"x","#), (#""os":"linux","#, #""os":"linux","os":"x","#),
    (#""os":"linux","#, #""os":"","#), (#""StopTimeout":7"#, #""StopTimeout":9223372036854775808"#),
    (#""StopTimeout":7"#, #""StopTimeout":1e999999999999"#), (#""StopTimeout":7"#, #""StopTimeout":1e19"#),
    (#""StopTimeout":7"#, #""StopTimeout":0.5"#), (#""StopTimeout":7"#, #""StopTimeout":"7""#),
    (#""type":"layers""#, #""type":"../x""#), (#""diff_ids":["#, #""diff_ids":["sha256:../x","#),
    (#""a":"b""#, #""a":["b"]"#), (#""a":"b""#, #""a":\#(String(repeating: "[", count: 1_000_000))"#),
  ])
  func hostileEditsAreRefused(old: String, new: String) throws {
    let line = try line()
    // In the content, not in a name of the record.
    let start = try #require(line.range(of: #""content":{"os""#)).lowerBound
    let edited = line[..<start] + line[start...].replacing(old, with: new, maxReplacements: 1)
    #expect(edited != line)
    let failure = #expect(throws: Failure.self) { try amended(Array(edited.utf8)) }
    #expect(failure?.kind == .badData)
  }

  @Test func textIsUTF8() throws {
    let line = Array(try line().utf8)
    let start = try #require(line.indices.last { line[$0...].starts(with: #""b"}"#.utf8) })
    var edited = line
    edited[start + 1] = 0xFF
    #expect(#expect(throws: Failure.self) { try amended(edited) }?.kind == .badData)
  }
}
