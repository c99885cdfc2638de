import Diagnostics
import Digests
import ImageModel
import JSON
import Testing

@testable import ImageRecord

@Suite struct RecordEditsTests {
  private static let diffIDs = [SHA256.digest(of: [1]), SHA256.digest(of: [2])]
  private static let config = """
    {"created":"2024-01-02T03:04:05Z","architecture":"amd64","os":"linux","config":{"Env":["A=1"],"Labels":\
    {"a":"\\u003cb\\u003e"},"StopTimeout":10},"rootfs":{"type":"layers","diff_ids":["\(diffIDs[0])","\(diffIDs[1])"]},\
    "history":[{"created_by":"x"},{"empty_layer":true},{"created_by":"y"}]}
    """

  /// A record of an image in OCI or Docker format, as one line of JSON.
  private static func line(isDocker: Bool = false, annotations: String = "") throws -> String {
    let config = Blob(mediaType: isDocker ? .dockerConfig : .ociConfig, bytes: Array(Self.config.utf8))
    let type: MediaType = isDocker ? .dockerManifest : .ociManifest
    let layer: MediaType = isDocker ? .dockerLayer : .ociLayer
    let layers = diffIDs.map { "{\"mediaType\":\"\(layer)\",\"size\":1024,\"digest\":\"\($0)\"}" }
    let manifest = """
      {"schemaVersion":2,"mediaType":"\(type)","config":{"mediaType":"\(config.mediaType)",\
      "digest":"\(config.digest)","size":\(config.bytes.count)},"layers":[\(layers.joined(separator: ","))]\
      \(annotations)}
      """
    let members = [
      ("x", #""y""#), ("created", #""2024-01-02T03:04:05Z""#), ("labels", #"{"a":"<b>"}"#), ("more", "[1]"),
    ]
    let record = ImageRecord(
      input: "a", name: "localhost/a:latest", tags: ["localhost/a:latest"], id: config.digest.hex,
      manifest: Blob(mediaType: type, bytes: Array(manifest.utf8)), config: config,
      layers: try diffIDs.map {
        RecordLayer(
          mediaType: layer, layer: Layer(diffID: $0, size: 1024),
          locator: try RecordObject { json in
            json.key("layer")
            json.string(String(repeating: "0c", count: 32))
          })
      },
      storage: RecordStorage(
        kind: RecordStorage.defaultKind,
        members: try RecordObject { json in
          json.key("root")
          json.string("/store")
          json.key("driver")
          json.string("overlay")
        }),
      others: try members.map { name, text in
        let value = try JSONValue(parsing: Array(text.utf8))
        return try RecordMember(name) { $0.raw(value) }
      })
    return String(decoding: record.line, as: UTF8.self)
  }

  /// The record of a line with texts replaced.
  private func record(
    _ line: String, _ changes: [(String, String)] = [], acceptingEdits: Bool = true
  ) throws -> ImageRecord {
    var text = line
    for (old, new) in changes {
      #expect(text.contains(old))
      text = text.replacing(old, with: new)
    }
    return try #require(
      ImageRecord.records(in: Array(text.utf8), acceptingEdits: acceptingEdits).first)
  }

  /// The line with its content, edited.
  private func edited(_ line: String, _ changes: [(String, String)]) throws -> ImageRecord {
    try record(String(decoding: record(line).addingContent().line, as: UTF8.self), changes)
  }

  @Test func aRecordWithoutEditsStaysAsItIs() throws {
    let line = try Self.line()
    #expect(try String(decoding: record(line).amended().line, as: UTF8.self) == line)
  }

  @Test(arguments: [
    [], [("\"architecture\":\"amd64\",\"os\":\"linux\"", "\"os\":\"linux\",\"architecture\":\"amd64\"")],
    [("\"StopTimeout\":10", "\"StopTimeout\": 1.0e1")],
  ]) func equalContentKeepsTheRecord(changes: [(String, String)]) throws {
    for isDocker in [false, true] {
      let line = try Self.line(isDocker: isDocker)
      let record = try edited(line, changes).amended()
      #expect(String(decoding: record.line, as: UTF8.self) == line)
    }
  }

  @Test func anEditLeadsToNewDigests() throws {
    for isDocker in [false, true] {
      let original = try record(Self.line(isDocker: isDocker))
      let wanted = Self.config.replacing("A=1", with: "A=2")
      let new = try edited(Self.line(isDocker: isDocker), [("A=1", "A=2")]).amended()
      let config = try #require(new.config)
      #expect(String(decoding: config.bytes, as: UTF8.self) == wanted)
      #expect(new.id == config.digest.hex && new.id != original.id)
      let manifest = String(decoding: new.manifest.bytes, as: UTF8.self)
      #expect(manifest.contains("\"digest\":\"\(config.digest)\""))
      #expect(!manifest.contains(original.id))
      for diffID in Self.diffIDs { #expect(manifest.contains("\"digest\":\"\(diffID)\"")) }
      #expect(new.manifest.mediaType == original.manifest.mediaType)
      #expect(new.tags == original.tags && new.name == original.name && new.input == original.input)
      #expect(new.layers.map(\.layer.diffID) == Self.diffIDs)
      // The result is a record like any other.
      _ = try ImageRecord.records(in: new.line)
    }
  }

  @Test func factsOfTheRecordFollowTheConfig() throws {
    let new = try edited(
      Self.line(),
      [
        (
          "\"created\":\"2024-01-02T03:04:05Z\",\"architecture\"",
          "\"created\":\"1970-01-01T00:00:00Z\",\"architecture\""
        ),
        ("\"Labels\":{\"a\":\"\\u003cb\\u003e\"}", "\"Labels\":{\"n\":\"1\"}"), ("\"amd64\"", "\"arm64\""),
      ]
    ).amended()
    let line = String(decoding: new.line, as: UTF8.self)
    #expect(
      line.contains("\"x\":\"y\",\"created\":\"1970-01-01T00:00:00Z\",\"labels\":{\"n\":\"1\"},\"more\":[1]"))
    #expect(line.contains("\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"}"))
    #expect(line.contains("\"reasons\":[\"amended\"]"))
    #expect(!line.contains("\"content\""))
  }

  @Test(arguments: [
    (",\"annotations\":{\"b\":\"1\"}", "{\"c\":\"<2>\"}", ",\"annotations\":{\"c\":\"\\u003c2\\u003e\"}}"),
    ("", "{\"c\":\"2\",\"b\":\"1\"}", ",\"annotations\":{\"b\":\"1\",\"c\":\"2\"}}"),
    (",\"annotations\":{\"b\":\"1\"}", "null", "}]}"), (",\"annotations\":{\"b\":\"1\"}", "{}", "}]}"),
  ]) func annotationsChangeTheManifestOnly(old: String, new: String, end: String) throws {
    let line = try Self.line(annotations: old)
    let original = try record(line)
    let amended = try record(line, [("\"manifest\":{", "\"manifest\":{\"annotations\":\(new),")]).amended()
    #expect(String(decoding: amended.manifest.bytes, as: UTF8.self).hasSuffix(end))
    #expect(amended.manifest.digest != original.manifest.digest)
    #expect(amended.id == original.id && amended.config?.bytes == original.config?.bytes)
  }

  @Test(arguments: [
    ("", "null"), ("", "{}"), (",\"annotations\":{\"b\":\"1\"}", "{\"b\":\"1\"}"),
  ]) func equalAnnotationsKeepTheManifest(old: String, new: String) throws {
    let line = try Self.line(annotations: old)
    let amended = try record(line, [("\"manifest\":{", "\"manifest\":{\"annotations\":\(new),")]).amended()
    #expect(String(decoding: amended.line, as: UTF8.self) == line)
  }

  @Test(arguments: [
    (false, "\"manifest\":{\"annotations\":[],", "manifest.annotations: expected an object"),
    (false, "\"manifest\":{\"annotations\":{\"a\":1},", "manifest.annotations.a: expected a string"),
    (false, "\"manifest\":{\"annotations\":{\"a\":null},", "manifest.annotations.a: expected a string"),
    (
      true, "\"manifest\":{\"annotations\":{\"a\":\"1\"},",
      "manifest.annotations: a Docker manifest has no annotations"
    ),
    (true, "\"manifest\":{\"annotations\":{},", "manifest.annotations: a Docker manifest has no annotations"),
    (
      false, "\"manifest\":{\"content\":{},",
      "manifest.content: cannot be edited; edit manifest.annotations or config.content"
    ),
  ]) func refusesWhatNoManifestHas(isDocker: Bool, new: String, reason: String) throws {
    let record = try record(Self.line(isDocker: isDocker), [("\"manifest\":{", new)])
    let failure = #expect(throws: Failure.self) { try record.amended() }
    #expect(failure == Failure(.badData, "localhost/a:latest", reason))
  }

  @Test(arguments: [
    ("\"config\":{\"mediaType\"", "\"config\":{\"content\":null,\"mediaType\"", "config.content"),
    ("\"manifest\":{", "\"manifest\":{\"content\":{},", "manifest.content"),
    ("\"manifest\":{", "\"manifest\":{\"annotations\":null,", "manifest.annotations"),
  ]) func anEditIsNotLostSilently(old: String, new: String, path: String) throws {
    let line = try Self.line()
    let failure = #expect(throws: Failure.self) { try record(line, [(old, new)], acceptingEdits: false) }
    #expect(failure == Failure(.badData, "record 1", "\(path): use img-manifest --amend"))
  }

  @Test func pathsBeginInTheRecord() throws {
    for (old, new, reason) in [
      (
        "\"os\":\"linux\",\"config\"", "\"os\":\"\",\"config\"",
        "config.content.os: expected a string that is not empty"
      ),
      ("[\"A=1\"]", "[\"A=1\",\"B\"]", "config.content.config.Env[1]: expected NAME=VALUE"),
    ] {
      let record = try edited(Self.line(), [(old, new)])
      let failure = #expect(throws: Failure.self) { try record.amended() }
      #expect(failure == Failure(.badData, "localhost/a:latest", reason))
    }
    let whole = try record(
      Self.line(), [("\"config\":{\"mediaType\"", "\"config\":{\"content\":null,\"mediaType\"")])
    let failure = #expect(throws: Failure.self) { try whole.amended() }
    #expect(failure == Failure(.badData, "localhost/a:latest", "config.content: expected an object"))
  }

  @Test func theDataIsCheckedDespiteAnEdit() throws {
    let line = try Self.line()
    let id = try record(line).id
    #expect(throws: Failure.self) { try edited(line, [("sha256:\(id)", "sha256:\(id.reversed())")]) }
  }

  @Test func roundedNumbersAreFound() throws {
    let config = Self.config.replacing("\"StopTimeout\":10", with: "\"StopTimeout\":9007199254740993")
    var record = try record(Self.line())
    record.config = Blob(mediaType: .ociConfig, bytes: Array(config.utf8))
    record.edits.config = try JSONValue(
      parsing: Array(config.replacing("740993", with: "740992").replacing("A=1", with: "A=2").utf8))
    #expect(record.roundedNumbers == ["config.content.config.StopTimeout"])
    record.edits.config = try JSONValue(parsing: Array(config.replacing("740993", with: "740990").utf8))
    #expect(record.roundedNumbers == [])
  }
}
