import Diagnostics
import Digests
import Foundation
import ImageManifest
import ImageModel
import ImageRecord
import StoreFixtures
import Testing

@testable import ImageFiles

/// An OCI layout in a folder, whose parts a test can change.
struct LayoutFixture {
  let folder: TemporaryDirectory
  var text: String { "oci:" + folder.path }

  static let layer = [UInt8](repeating: 0, count: 1024)

  init() throws {
    folder = try TemporaryDirectory()
  }

  /// Writes a blob; returns its descriptor as JSON.
  @discardableResult func blob(
    _ bytes: [UInt8], _ type: MediaType, size: Int? = nil, members: String = ""
  ) throws -> String {
    let digest = SHA256.digest(of: bytes)
    try folder.write(bytes, to: "blobs/sha256/\(digest.hex)")
    return #"{"mediaType":"\#(type)","digest":"\#(digest)","size":\#(size ?? bytes.count)\#(members)}"#
  }

  /// Writes config, layer and manifest; returns the descriptor of the manifest.
  func image(
    diffIDs: [String]? = nil, configMembers: String = "", layerSize: Int? = nil, manifestMembers: String = ""
  ) throws -> String {
    let digest = SHA256.digest(of: LayoutFixture.layer).description
    let ids = (diffIDs ?? [digest]).map { "\"\($0)\"" }.joined(separator: ",")
    let config = #"{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[\#(ids)]}}"#
    let layer = try blob(LayoutFixture.layer, .ociLayer, size: layerSize)
    let manifest =
      #"{"schemaVersion":2,"config":\#(try blob(Array(config.utf8), .ociConfig, members: configMembers)),"#
      + #""layers":[\#(layer)]\#(manifestMembers)}"#
    return try blob(Array(manifest.utf8), .ociManifest)
  }

  /// Writes `index.json`.
  func index(_ entries: String...) throws {
    try folder.write(
      "{\"schemaVersion\":2,\"manifests\":[\(entries.joined(separator: ","))]}", to: "index.json")
  }

  func failure() throws -> Failure? {
    #expect(throws: Failure.self) { try Archives.record(text) }
  }
}

/// Layouts that lie are refused.
@Suite(.timeLimit(.minutes(10))) struct HostileLayoutTests {
  let layout: LayoutFixture

  init() throws {
    layout = try LayoutFixture()
  }

  @Test func aGoodLayoutIsRead() throws {
    try layout.index(layout.image())
    let record = try Archives.record(layout.text)
    #expect(record.layers.map(\.layer.size) == [1024])
    #expect(record.tags == [])
  }

  @Test func configsInDescriptors() throws {
    let config = Array(#"{"rootfs":{"type":"layers","diff_ids":[]}}"#.utf8)
    let digest = SHA256.digest(of: config)
    func index(_ data: [UInt8]) throws {
      let descriptor =
        #"{"mediaType":"\#(MediaType.ociConfig)","digest":"\#(digest)","size":\#(config.count),"data":"\#(base64(data))"}"#
      try layout.index(
        layout.blob(Array(#"{"schemaVersion":2,"config":\#(descriptor),"layers":[]}"#.utf8), .ociManifest))
    }
    try index(config)
    #expect(try Archives.record(layout.text).id == digest.hex)
    try index([UInt8](repeating: 0x20, count: config.count))
    #expect(try layout.failure()?.reason == "config \(digest): data does not match the digest")
    try index(config + [0x20])
    #expect(try layout.failure()?.kind == .badData)
  }

  @Test func changedBlobs() throws {
    let entry = try layout.image()
    try layout.index(entry)
    for name in layout.folder.entries("blobs/sha256") {
      let path = "blobs/sha256/\(name)"
      let good = try layout.folder.read(path)
      if good != LayoutFixture.layer {
        var bad = good
        bad[bad.count - 2] ^= 1
        try layout.folder.write(bad, to: path)
        #expect(try layout.failure()?.kind == .badData)
      }
      try layout.folder.write(good + [0], to: path)
      #expect(try layout.failure()?.reason.contains("bytes were expected, it has \(good.count + 1)") == true)
      try layout.folder.remove(path)
      #expect(try layout.failure()?.kind == .badData || layout.failure()?.kind == .notFound)
      try layout.folder.makeFIFO(path)
      #expect(try layout.failure()?.reason.hasSuffix("not a regular file") == true)
      try layout.folder.remove(path)
      try layout.folder.symlink(path, to: "/etc/passwd")
      #expect(try layout.failure() != nil)
      try layout.folder.remove(path)
      try layout.folder.write(good, to: path)
    }
    _ = try Archives.record(layout.text)
  }

  @Test(arguments: ["-1", "9223372036854775807", "9223372036854775808", "1e3", "\"1\"", "null"])
  func sizes(size: String) throws {
    let entry = try layout.image().replacing(#/"size":[0-9]+/#, with: "\"size\":\(size)")
    try layout.index(entry)
    #expect(try layout.failure()?.kind == .badData)
  }

  @Test(arguments: [
    "sha512:" + String(repeating: "0", count: 128), "sha256:../../../etc/passwd", "sha256:ABC", "", "../x",
    "sha256:" + String(repeating: "A", count: 64),
  ])
  func digests(digest: String) throws {
    let entry = #"{"mediaType":"\#(MediaType.ociManifest)","digest":"\#(digest)","size":2}"#
    try layout.index(entry)
    #expect(try layout.failure()?.kind == .badData)
    let config = #"{"mediaType":"\#(MediaType.ociConfig)","digest":"\#(digest)","size":2}"#
    try layout.index(
      layout.blob(Array(#"{"schemaVersion":2,"config":\#(config),"layers":[]}"#.utf8), .ociManifest))
    #expect(try layout.failure()?.kind == .badData)
  }

  @Test func layersOfTheConfig() throws {
    let digest = SHA256.digest(of: LayoutFixture.layer).description
    try layout.index(layout.image(diffIDs: [digest, digest]))
    #expect(try layout.failure()?.reason == "1 layers in the manifest, 2 in the config")
    try layout.index(layout.image(diffIDs: ["sha256:" + String(repeating: "0", count: 64)]))
    #expect(try layout.failure()?.reason.contains("the config names sha256:000") == true)
    try layout.index(layout.image(diffIDs: ["sha512:0"]))
    #expect(try layout.failure()?.reason.contains("a diffID is not a sha256 digest") == true)
    try layout.index(layout.image(layerSize: 1023))
    #expect(try layout.failure()?.reason.contains("1023 bytes were expected, it has 1024") == true)
  }

  @Test func manifestsThatAreLists() throws {
    try layout.index(layout.image(manifestMembers: #","manifests":[]"#))
    #expect(try layout.failure()?.reason.contains("rejecting ambiguous manifest") == true)
  }

  /// A list shows by its entries that it is one; the message is about them, not about a list taken for an image.
  @Test(arguments: [
    (#"[{"platform":1}]"#, "json: cannot unmarshal number into Go struct field Descriptor.manifests.platform"),
    ("{}", "json: cannot unmarshal object into Go struct field Index.manifests"),
  ]) func listsOfOtherTypes(manifests: String, reason: String) throws {
    let list = #"{"schemaVersion":2,"manifests":\#(manifests)}"#
    try layout.index(layout.blob(Array(list.utf8), .ociIndex))
    for choice in [Archives.amd64, Archives.allPlatforms] {
      let failure = #expect(throws: Failure.self) { try Archives.record(layout.text, choice) }
      #expect(failure?.kind == .badData && failure?.reason.contains(reason) == true, "\(failure?.reason ?? "")")
    }
  }

  /// What is declared as a list and shows no type of its own must be one.
  @Test(arguments: ["{}", #"{"schemaVersion":3}"#, "[]", "1"]) func listsThatAreNone(text: String) throws {
    try layout.index(layout.blob(Array(text.utf8), .ociIndex))
    #expect(try layout.failure()?.kind == .badData)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 12])
  func nesting(depth: Int) throws {
    var entry = try layout.image()
    for _ in 0..<depth {
      entry = try layout.blob(Array(#"{"schemaVersion":2,"manifests":[\#(entry)]}"#.utf8), .ociIndex)
    }
    try layout.index(entry)
    if depth <= 4 {
      #expect(try Archives.record(layout.text).layers.count == 1)
    } else {
      #expect(try layout.failure()?.reason == "indexes are nested deeper than 4")
    }
  }

  /// Each level lists the one below many times: without a limit, this takes hours.
  @Test func wideIndexes() throws {
    var entry = try layout.blob(
      Array(#"{"schemaVersion":2,"manifests":[]}"#.utf8), .ociIndex)
    for _ in 0..<3 {
      let many = Array(repeating: entry, count: 2000).joined(separator: ",")
      entry = try layout.blob(Array(#"{"schemaVersion":2,"manifests":[\#(many)]}"#.utf8), .ociIndex)
    }
    try layout.index(entry)
    #expect(try layout.failure()?.kind == .badData || layout.failure()?.kind == .notFound)
  }

  /// Each absent manifest must not cost a pass over all of them.
  @Test func manyAbsentManifests() throws {
    let entries = (0..<5_000).map { number in
      let digits = String(number)
      let hex = String(repeating: "0", count: 64 - digits.count) + digits
      return #"{"mediaType":"\#(MediaType.ociManifest)","digest":"sha256:\#(hex)","size":2,"#
        + #""platform":{"os":"linux","architecture":"amd64"}}"#
    }
    let text = #"{"schemaVersion":2,"manifests":[\#(entries.joined(separator: ","))]}"#
    try layout.index(layout.blob(Array(text.utf8), .ociIndex))
    #expect(try layout.failure()?.kind == .notFound)
  }

  /// Manifests that a pull of one platform left out.
  @Test func absentManifests() throws {
    let amd64 = #","platform":{"os":"linux","architecture":"amd64"}"#
    let gone =
      #"{"mediaType":"\#(MediaType.ociManifest)","digest":"sha256:\#(String(repeating: "0", count: 64))","size":2"#
    let entry = try layout.image()
    func index(_ entries: String...) throws {
      let text = #"{"schemaVersion":2,"manifests":[\#(entries.joined(separator: ","))]}"#
      try layout.index(layout.blob(Array(text.utf8), .ociIndex))
    }
    try index(gone + amd64 + "}", gone + "}", entry)
    #expect(try Archives.record(layout.text).layers.count == 1)
    try index(gone + amd64 + "}", entry.dropLast() + amd64 + "}")
    #expect(try Archives.record(layout.text).layers.count == 1)
    try index(gone + amd64 + "}", entry.dropLast() + amd64.replacing("amd64", with: "arm64") + "}")
    #expect(
      try layout.failure()?.reason == "the image for linux/amd64 is listed, but not there; there is linux/arm64"
    )
  }

  @Test func indexes() throws {
    for text in [
      "", "[]", "{", "null", #"{"manifests":{}}"#, #"{"manifests":[1]}"#, #"{"manifests":[],"manifests":[]}"#,
    ] {
      try layout.folder.write(text, to: "index.json")
      #expect(try layout.failure() != nil, "\(text)")
    }
    try layout.folder.write([UInt8](repeating: 0x20, count: 4 << 20) + [0x20], to: "index.json")
    #expect(try layout.failure()?.reason.contains("longer than 4194304 bytes") == true)
    try layout.folder.remove("index.json")
    try layout.folder.symlink("index.json", to: "/dev/zero")
    #expect(try layout.failure()?.kind == .badData)
  }

  @Test func versions() throws {
    try layout.index(layout.image())
    for text in [#"{"imageLayoutVersion":"2.0.0"}"#, "{}", ""] {
      try layout.folder.write(text, to: "oci-layout")
      #expect(try layout.failure()?.reason.contains("the version of the layout is not 1") == true)
    }
    try layout.folder.write(#"{"imageLayoutVersion":"1.1.0"}"#, to: "oci-layout")
    _ = try Archives.record(layout.text)
  }

  @Test func directoriesLie() throws {
    let folder = try TemporaryDirectory()
    try folder.write(#"[{"Config":"x","Layers":[]}]"#, to: "manifest.json")
    let failure = #expect(throws: Failure.self) { try Archives.record("dir:" + folder.path) }
    #expect(failure?.reason.contains("an unpacked docker-archive") == true)
    try folder.write(
      #"{"schemaVersion":1,"name":"x","tag":"1","architecture":"amd64","fsLayers":[],"history":[]}"#,
      to: "manifest.json")
    #expect(throws: Failure.self) { try Archives.record("dir:" + folder.path) }
  }

  /// A directory of a manifest list has its manifests in files of their own.
  @Test func listsInDirectories() throws {
    let folder = try TemporaryDirectory()
    let config = Array(#"{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}"#.utf8)
    let configDigest = SHA256.digest(of: config)
    try folder.write(config, to: configDigest.hex)
    let manifest = Array(
      #"{"schemaVersion":2,"config":{"mediaType":"\#(MediaType.ociConfig)","digest":"\#(configDigest)","size":\#(config.count)},"layers":[]}"#
        .utf8)
    let digest = SHA256.digest(of: manifest)
    try folder.write(manifest, to: "\(digest.hex).manifest.json")
    try folder.write(
      #"{"schemaVersion":2,"manifests":[{"mediaType":"\#(MediaType.ociManifest)","digest":"\#(digest)","size":\#(manifest.count),"platform":{"os":"linux","architecture":"amd64"}}]}"#,
      to: "manifest.json")
    let record = try Archives.record("dir:" + folder.path)
    #expect(record.manifest.digest == digest && record.id == configDigest.hex)
  }
}

private func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
