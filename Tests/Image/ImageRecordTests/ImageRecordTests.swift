import Diagnostics
import Digests
import ImageModel
import JSON
import Testing

@testable import ImageRecord

@Suite struct ImageRecordTests {
  private static let id = String(repeating: "ab", count: 32)
  private static let layerID = String(repeating: "0c", count: 32)

  private func sample() throws -> ImageRecord {
    let names = try RecordMember("names") { $0.strings(["x", "y"]) }
    return ImageRecord(
      input: "a", name: "localhost/a:latest", tags: ["localhost/a:latest"], id: Self.id,
      manifest: Blob(mediaType: .ociManifest, bytes: Array("{\"x\": \"<\"}".utf8)),
      config: Blob(mediaType: .ociConfig, bytes: [0x7B, 0xFF, 0x7D]),
      layers: [
        RecordLayer(
          mediaType: .ociLayer, layer: Layer(diffID: SHA256.digest(of: [1]), size: 1024),
          locator: try RecordObject { json in
            json.key("layer")
            json.string(Self.layerID)
          })
      ],
      storage: RecordStorage(
        kind: RecordStorage.defaultKind,
        members: try RecordObject { json in
          json.key("root")
          json.string("/store")
          json.key("driver")
          json.string("overlay")
          json.key("additionalimagestores")
          json.strings(["/more"])
        }),
      others: [names])
  }

  private func replaced(_ old: String, _ new: String) throws -> [UInt8] {
    let line = String(decoding: try sample().line, as: UTF8.self)
    #expect(line.contains(old))
    return Array(line.replacing(old, with: new).utf8)
  }

  @Test func roundTripsToTheSameLine() throws {
    let line = try sample().line
    let records = try ImageRecord.records(in: line + line)
    #expect(records.count == 2)
    #expect(records.map { $0.line } == [line, line])
    #expect(records[0].manifest.bytes == Array("{\"x\": \"<\"}".utf8))
    #expect(records[0].config?.bytes == [0x7B, 0xFF, 0x7D])
  }

  @Test func aShortenedLineIsTheSameExceptForTheData() throws {
    var record = try sample()
    #expect(record.line(dataLimit: .max) == record.line)
    // 12 characters of base64 for the manifest, 4 for the config.
    #expect(record.line(dataLimit: 16) == record.line)
    let line = String(decoding: record.line, as: UTF8.self)
    let shortened = String(decoding: record.line(dataLimit: 4), as: UTF8.self)
    #expect(shortened == line.replacing("eyJ4IjogIjwifQ==", with: "eyJ4..."))
    #expect(throws: Failure.self) { try ImageRecord.records(in: Array(shortened.utf8)) }
    record.config = nil
    #expect(String(decoding: record.line(dataLimit: 0), as: UTF8.self).contains(#""data":"..."}"#))
  }

  @Test(arguments: ["app:2", " quay.io:443/acme/app@sha256:01\nother\n", "0123", "12", "true", "a\r\n", "a\0b"])
  func namesInPlaceOfRecordsAreRecognized(_ text: String) {
    #expect(
      throws: Failure(
        .badData, "standard input", "these look like names, not records; put \"img-resolve - |\" in front")
    ) { try ImageRecord.records(in: Array(text.utf8)) }
  }

  @Test(arguments: [
    ("", "no records; the command before it may have failed"), ("null", "expected an object"),
    ("[]", "an array, not a record"), ("[{}]", "an array, not a record"), ("\"app\"", "a string, not a record"),
    ("an error", "malformed JSON"), ("{", "malformed JSON"), ("a\u{e4}", "malformed JSON"),
    (String(repeating: "a", count: 1025), "malformed JSON"),
  ])
  func otherTextsAreNoNames(_ text: String, _ reason: String) {
    let failure = #expect(throws: Failure.self) { try ImageRecord.records(in: Array(text.utf8)) }
    #expect(failure?.reason.hasPrefix(reason) == true)
  }

  @Test(arguments: [
    "\tapp\t", "\n\r\n app \n{", String(repeating: "a", count: 1024), "12 \nx", "a:b@c/d_e-f.g", "azAZ09",
  ])
  func blanksAroundANameDoNotMatter(_ text: String) {
    let failure = #expect(throws: Failure.self) { try ImageRecord.records(in: Array(text.utf8)) }
    #expect(failure?.subject == "standard input")
    #expect(failure?.reason.hasPrefix("these look like names") == true)
  }

  @Test(arguments: ["a b", "a+b", "a'", "\u{1}", "`", "{", "[", "^"])
  func otherCharactersAreOfNoName(_ text: String) {
    let failure = #expect(throws: Failure.self) { try ImageRecord.records(in: Array(text.utf8)) }
    #expect(failure?.subject == "record 1")
  }

  @Test func aFaultNamesItsRecord() throws {
    let line = try sample().line
    for (text, reason) in [
      ("{", "malformed JSON: unexpected end at byte \(line.count + 1)"), ("app", "malformed JSON"),
      ("7", "expected an object"), ("{}", "schema: missing"),
    ] {
      let failure = #expect(throws: Failure.self) { try ImageRecord.records(in: line + Array(text.utf8)) }
      #expect(failure?.subject == "record 2")
      #expect(failure?.reason.hasPrefix(reason) == true)
    }
  }

  @Test func keepsMembersItDoesNotKnow() throws {
    let text = try replaced(#""driver":"overlay""#, #""driver":"overlay""#)
    let more = Array(
      String(decoding: text, as: UTF8.self)
        .replacing(#"{"schema""#, with: #"{"x-mine": [1.50, {"k":"v"}],"schema""#)
        .replacing(#""size":1024"#, with: #""size":1024,"note":"n""#).utf8)
    let line = String(decoding: try ImageRecord.records(in: more)[0].line, as: UTF8.self)
    #expect(line.contains(#""x-mine":[1.50,{"k":"v"}]"#))
    #expect(line.contains(#""note":"n""#))
    #expect(line.contains(#""names":["x","y"]"#))
  }

  /// The keys of `labels` are the image's data; Alpha and alpha are two of them.
  @Test func labelsMayDifferInCase() throws {
    var record = try sample()
    let labels = try RecordMember("labels") { json in
      json.object { json in
        for name in ["Alpha", "alpha"] {
          json.key(name)
          json.string(name)
        }
      }
    }
    record.others.append(labels)
    let line = record.line
    #expect(String(decoding: line, as: UTF8.self).contains(#""labels":{"Alpha":"Alpha","alpha":"alpha"}"#))
    #expect(try ImageRecord.records(in: line).map(\.line) == [line])
  }

  @Test func acceptsPrettyPrintedAndSeparatedRecords() throws {
    let pretty =
      Array("\u{1E}".utf8) + (try replaced(",", " ,\n  ")) + Array("\n\u{1E}".utf8) + (try sample().line)
    #expect(try ImageRecord.records(in: pretty).count == 2)
  }

  @Test func configMayBeAbsent() throws {
    var record = try sample()
    record.config = nil
    record.name = nil
    let read = try ImageRecord.records(in: record.line)[0]
    #expect(read.config == nil)
    #expect(read.name == nil)
  }

  static let damages: [(old: String, new: String, subject: String)] = [
    ("img/1", "img/2", "record 1"), (id, "../etc", "record 1"), (layerID, "../../x", "record 1"),
    (#""size":1024"#, #""size":-1"#, "record 1"), (#""size":1024"#, #""size":1e3"#, "record 1"),
    (#""tags":["localhost/a:latest"]"#, #""tags":[1]"#, "record 1"),
    (#""tags":["localhost/a:latest"]"#, #""Tags":1,"tags":[]"#, "record 1"),
    (#""root":"/store""#, #""root":"store""#, "record 1"), (#""data":""#, #""data":"!"#, "record 1"),
    ("sha256:", "sha512:", "record 1"), (#""size":10,"#, #""size":11,"#, "record 1"),
    (#""root":"/store""#, #""root":"/store","Root":"/other""#, "record 1"),
    (#""config":"#, #""Config":"#, "record 1"), (#""name":"#, #""NAME":"#, "record 1"),
    (#""id":"#, #""id":"x","id":"#, "record 1"), (#""layers":["#, #""layers":[7,"#, "record 1"),
  ]

  @Test(arguments: damages)
  func refusesDamagedRecords(damage: (old: String, new: String, subject: String)) throws {
    let text = try replaced(damage.old, damage.new)
    let failure = #expect(throws: Failure.self) { try ImageRecord.records(in: text) }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == damage.subject)
  }

  @Test(arguments: ["", " \n", "[]", "1", "{}", "{", "{\"schema\":\"img/1\"}"])
  func refusesWhatIsNoRecord(text: String) {
    let failure = #expect(throws: Failure.self) { try ImageRecord.records(in: Array(text.utf8)) }
    #expect(failure?.kind == .badData)
  }

  @Test(arguments: [
    (#"{"schema":"img/1","input":"x","error":{"message":"m"}}"#, "record 1", "x: m"),
    (#"{"error":{}}"#, "record 1", "an earlier tool failed"),
    (#"{"error":null}"#, "record 1", "an earlier tool failed"),
    (#"{"error":"gone","input":"x"}"#, "record 1", "x: an earlier tool failed"),
    // A member like others, of a record like others.
    (#"{"schema":"img/1","error":"none"}"#, "record 1", "id: missing"),
    (#"{"schema":"img/1","error":null}"#, "record 1", "id: missing"),
  ])
  func anErrorIsAnObjectOrHasNoSchema(text: String, subject: String, reason: String) {
    #expect(throws: Failure(.badData, subject, reason)) { try ImageRecord.records(in: Array(text.utf8)) }
  }

  @Test func errorObjectsOfEarlierToolsAreFailures() {
    let text =
      #"{"schema":"img/1","input":"x","error":{"code":"image-not-known","message":"x: image not known"}}"#
    let failure = #expect(throws: Failure.self) { try ImageRecord.records(in: Array(text.utf8)) }
    #expect(failure?.reason.contains("image not known") == true)
  }
}

/// Records of sources that store layers as blobs or omit them.
@Suite struct OtherSourceTests {
  private static let digest = "sha256:" + String(repeating: "5", count: 64)

  private func line(_ storage: String, layer: String) -> [UInt8] {
    let data = #""mediaType":"a/b","digest":"\#(SHA256.digest(of: []))","size":0,"data":"""#
    let id = String(repeating: "0", count: 64)
    return Array(
      (#"{"schema":"img/1","input":null,"name":null,"tags":[],"id":"\#(id)","manifest":{\#(data)},"#
        + #""config":null,"layers":[{"mediaType":"t","digest":"\#(Self.digest)",\#(layer)}],"#
        + #""storage":\#(storage)}"# + "\n").utf8)
  }

  @Test func blobsAndAbsentLayersRoundTrip() throws {
    let layer =
      #""size":null,"blob":{"mediaType":"t+gzip","digest":"\#(Self.digest)","size":7},"absent":true,"#
      + #""storage":{"offset":512,"size":7}"#
    let line = line(#"{"kind":"archive","path":"/a.tar"}"#, layer: layer)
    let record = try #require(try ImageRecord.records(in: line).first)
    #expect(record.line == line)
    #expect(record.storage.kind == "archive")
    #expect(record.layers[0].isAbsent && record.layers[0].layer.size == nil)
    #expect(record.layers[0].layer.blob?.size == 7)
    #expect(try record.layers[0].locator.size("offset") == 512)
  }

  @Test(arguments: [
    (
      #"{"kind":"archive","path":"/a"}"#, #""size":1,"storage":{"offset":1}"#,
      "layers[0]: storage.size: missing"
    ),
    (#"{"kind":"archive","path":"a"}"#, #""size":1,"storage":{}"#, #"storage: "a" is not an absolute path"#),
    (#"{"kind":"layout"}"#, #""size":1,"storage":{}"#, "storage: path: missing"),
    (
      #"{"kind":"docker","root":"/d","driver":"overlay2"}"#, #""size":1,"storage":{}"#,
      "layers[0]: storage.layer: missing"
    ),
    (#"{"kind":"x"}"#, #""storage":{}"#, "layers[0]: size: missing"),
    (#"{"kind":"x"}"#, #""size":1,"absent":1,"storage":{}"#, "layers[0]: absent: expected true or false"),
    (#"{"kind":"x"}"#, #""size":1,"blob":[],"storage":{}"#, "layers[0]: blob: expected an object"),
    (
      #"{"kind":"x"}"#, #""size":1,"blob":{"mediaType":"t","size":1},"storage":{}"#,
      "layers[0]: blob: digest: missing"
    ),
    (#"{"kind":"x"}"#, #""size":1,"Blob":{},"storage":{}"#, #"layers[0]: Blob: expected "blob""#),
    (#"{"kind":7}"#, #""size":1,"storage":{}"#, "kind: expected a string"),
    (
      #"{"kind":"x","path":"/a\u0000b"}"#, #""size":1,"storage":{}"#,
      "storage: \"/a\0b\" is not an absolute path"
    ),
    (#"{"kind":"x","root":""}"#, #""size":1,"storage":{}"#, #"storage: "" is not an absolute path"#),
    (#"{"kind":"x","imagestore":"a"}"#, #""size":1,"storage":{}"#, #"storage: "a" is not an absolute path"#),
    (
      #"{"kind":"x","additionalimagestores":["/a","b"]}"#, #""size":1,"storage":{}"#,
      #"storage: "b" is not an absolute path"#
    ),
    (
      #"{"kind":"x","additionalimagestores":"/a"}"#, #""size":1,"storage":{}"#,
      "additionalimagestores: expected an array"
    ),
    (
      #"{"kind":"x","additionalimagestores":[1]}"#, #""size":1,"storage":{}"#,
      "additionalimagestores: expected an array of strings"
    ),
    (#"{"kind":"containerd","root":"/c"}"#, #""size":1,"storage":{}"#, "storage: namespace: missing"),
    (#"{"kind":"directory"}"#, #""size":1,"storage":{}"#, "storage: path: missing"),
    (#"{"kind":"archive"}"#, #""size":1,"storage":{}"#, "storage: path: missing"),
    (#"{"kind":"docker","root":"/d"}"#, #""size":1,"storage":{}"#, "storage: driver: missing"),
    (#"{"root":"/d"}"#, #""size":1,"storage":{}"#, "storage: driver: missing"),
    (
      #"{"kind":"archive","path":"/a"}"#, #""size":1,"storage":{"offset":-1,"size":0}"#,
      "layers[0]: storage.offset: expected a size in bytes"
    ),
    (#"{"kind":"x"}"#, #""size":"1","storage":{}"#, "layers[0]: size: expected a size in bytes"),
    (#"{"kind":"x"}"#, #""size":1"#, "layers[0]: storage: missing"),
  ])
  func whatASourceNeedsIsChecked(storage: String, layer: String, reason: String) {
    let failure = #expect(throws: Failure.self) { try ImageRecord.records(in: line(storage, layer: layer)) }
    #expect(failure == Failure(.badData, "record 1", reason))
  }
}
