import Diagnostics
import Digests
import ImageModel
import ImageRecord
import ImageSource
import POSIX
import StoreFixtures
import Testing

@testable import ImageFiles

/// A docker-archive, whose parts a test can change.
struct ArchiveFixture {
  var config = Array(#"{"rootfs":{"type":"layers","diff_ids":["\#(SHA256.digest(of: layer))"]}}"#.utf8)
  var configName = "config.json"
  var layerName = "layer.tar"
  var tags = #"["acme/app:1"]"#

  static let layer = [UInt8](repeating: 7, count: 700)

  var manifest: String {
    #"[{"Config":"\#(configName)","RepoTags":\#(tags),"Layers":["\#(layerName)"]}]"#
  }

  /// The archive; the closure adds members in place of the layer.
  func tar(_ layers: (inout TarBuilder) -> Void = { $0.file("layer.tar", layer) }) -> [UInt8] {
    var tar = TarBuilder()
    layers(&tar)
    tar.file("config.json", config)
    tar.file("manifest.json", manifest)
    return tar.finish().bytes
  }
}

/// Archives that lie are refused, whatever is in them.
@Suite(.timeLimit(.minutes(10))) struct HostileArchiveTests {
  let folder: TemporaryDirectory
  let archive = ArchiveFixture()

  init() throws {
    folder = try TemporaryDirectory()
  }

  private static let names = Lock(0)

  /// Each archive has a name of its own: the process keeps archives open by their names.
  private func record(_ bytes: [UInt8]) throws -> ImageRecord {
    let name = HostileArchiveTests.names.withLock { number in
      number += 1
      return "\(number).tar"
    }
    try folder.write(bytes, to: name)
    return try Archives.record("docker-archive:" + folder.at(name))
  }

  private func reason(_ bytes: [UInt8]) -> String? {
    let failure = #expect(throws: Failure.self) { try record(bytes) }
    #expect(failure?.kind == .badData)
    return failure?.reason
  }

  private func isRefused(_ bytes: [UInt8], _ reason: String) {
    let text = self.reason(bytes) ?? ""
    #expect(text.contains(reason), "\(text)")
  }

  @Test func aGoodArchiveIsRead() throws {
    let record = try record(archive.tar())
    #expect(record.tags == ["docker.io/acme/app:1"])
    #expect(record.layers.map(\.layer.size) == [700])
    let tar = try #require(try record.sourceLayers(from: [ArchiveLayers.self])[0].stream)
    #expect(try content(of: tar.source) == ArchiveFixture.layer)
  }

  @Test(arguments: ["x/../layer.tar", "./layer.tar", "/layer.tar", "a//../layer.tar", "layer.tar/"])
  func pathsAreCleaned(path: String) throws {
    var archive = archive
    archive.layerName = path
    #expect(try record(archive.tar()).layers.count == 1)
  }

  @Test(arguments: ["../layer.tar", "/../layer.tar", "x/../../layer.tar", "", ".", "nothing", "LAYER.TAR"])
  func pathsOutside(path: String) {
    var archive = archive
    archive.layerName = path
    isRefused(archive.tar(), "does not have it")
  }

  @Test func links() throws {
    let layer = ArchiveFixture.layer
    #expect(
      try record(
        archive.tar { tar in
          tar.symlink("layer.tar", to: "a/b")
          tar.hardLink("a/b", to: "c")
          tar.file("c", layer)
        }
      ).layers.count == 1)
    // A hard link means the member before it, not a later one of that name.
    let record = try record(
      archive.tar { tar in
        tar.file("c", layer)
        tar.hardLink("layer.tar", to: "c")
        tar.file("c", [UInt8](repeating: 0, count: 9))
      })
    #expect(record.layers.map(\.layer.size) == [700])
    for target in ["layer.tar", "other", "../x", "/etc/passwd", "config.json/x"] {
      isRefused(
        archive.tar { tar in
          tar.symlink("layer.tar", to: target)
          tar.symlink("other", to: "layer.tar")
        }, "layer")
    }
    isRefused(
      archive.tar { tar in
        tar.symlink("layer.tar", to: "0")
        for number in 0..<20 { tar.symlink("\(number)", to: "\(number + 1)") }
        tar.file("20", layer)
      }, "more than 8 links")
  }

  @Test func otherKinds() {
    isRefused(archive.tar { $0.directory("layer.tar/") }, "not a regular file")
    isRefused(archive.tar { $0.add(TarMember("layer.tar", .fifo)) }, "not a regular file")
    isRefused(
      archive.tar { tar in
        var member = TarMember("layer.tar", .file([1, 2, 3]))
        member.paxRecords = [PAXRecord("GNU.sparse.major", Array("1".utf8))]
        tar.add(member)
      }, "not a regular file")
  }

  @Test func twoManifests() {
    var tar = TarBuilder()
    tar.file("layer.tar", ArchiveFixture.layer)
    tar.file("config.json", archive.config)
    tar.file("manifest.json", archive.manifest)
    tar.file("./manifest.json", archive.manifest)
    isRefused(tar.finish().bytes, "the archive has it twice")
  }

  @Test(arguments: [
    "", "{}", "[", "null", "[1]", #"[{"Config":1}]"#, #"[{"Config":"config.json","Layers":"x"}]"#,
  ])
  func manifests(text: String) {
    var tar = TarBuilder()
    tar.file("manifest.json", text)
    tar.file("config.json", archive.config)
    _ = reason(tar.finish().bytes)
  }

  @Test func longDocuments() {
    var tar = TarBuilder()
    tar.file("manifest.json", [UInt8](repeating: 0x20, count: 1 << 20) + Array("[]".utf8))
    isRefused(tar.finish().bytes, "longer than 1048576 bytes")
    var archive = archive
    archive.config = [UInt8](repeating: 0x20, count: 4 << 20) + archive.config
    isRefused(archive.tar(), "longer than 4194304 bytes")
  }

  @Test(arguments: [
    #"["acme/app@sha256:\#(String(repeating: "0", count: 64))"]"#, #"["Acme/app"]"#, #"["a b"]"#, "[1]",
    #"[""]"#,
    #"["\#(String(repeating: "0", count: 64))"]"#, #""acme""#,
  ])
  func tags(tags: String) {
    var archive = archive
    archive.tags = tags
    isRefused(archive.tar(), "RepoTags")
  }

  @Test func layersOfTheConfig() {
    var archive = archive
    archive.config = Array(#"{"rootfs":{"type":"layers","diff_ids":[]}}"#.utf8)
    isRefused(archive.tar(), "1 layers in manifest.json, 0 in the config")
    archive.config = Array("not JSON".utf8)
    isRefused(archive.tar(), "not a container image")
  }

  @Test func compressedLayersMustMatch() throws {
    let layer = ArchiveFixture.layer
    #expect(try record(archive.tar { $0.file("layer.tar", gzipped(layer)) }).layers.map(\.layer.size) == [700])
    isRefused(archive.tar { $0.file("layer.tar", gzipped(layer + [1])) }, "the tar has the digest")
    isRefused(
      archive.tar { $0.file("layer.tar", gzipped(layer).dropLast(3) + []) },
      "/layer.tar: layer \(SHA256.digest(of: layer)): gzip: unexpected end")
  }

  @Test func anyTruncationIsSeen() throws {
    let whole = archive.tar()
    let members = whole.count - 1024
    for count in stride(from: 1, to: members, by: 173) {
      let failure = #expect(throws: Failure.self) { try record(Array(whole[..<count])) }
      #expect(failure?.kind == .badData)
    }
    // Without its end, the archive is still complete.
    _ = try record(Array(whole[..<members]))
  }

  @Test func anyFlippedBitIsSeenOrHarmless() throws {
    let whole = archive.tar()
    let good = try record(whole)
    var (read, refused) = (0, 0)
    for offset in stride(from: 0, to: whole.count, by: 41) {
      var bytes = whole
      bytes[offset] ^= 1 << UInt8(offset % 8)
      guard let record = try? record(bytes) else {
        refused += 1
        continue
      }
      // Names are not protected; the config is if it is named after its digest, and a layer by its diffID.
      guard record.id == good.id, let tar = try? record.sourceLayers(from: [ArchiveLayers.self])[0].stream
      else {
        continue
      }
      read += 1
      let stored = try content(of: tar.source)
      #expect((SHA256.digest(of: stored) == good.layers[0].layer.diffID) == (stored == ArchiveFixture.layer))
    }
    #expect(read > 20)
    #expect(refused > 20)
  }

  @Test(arguments: ["777777777777", "-1234567890", "\u{1}\u{2}"])
  func sizesOfMembers(size: String) {
    var bytes = archive.tar()
    bytes.replaceSubrange(
      124..<136, with: Array(size.utf8) + [UInt8](repeating: 0, count: 12 - size.utf8.count))
    _ = reason(withChecksum(bytes))
  }

  @Test func hugeSizes() {
    for first: [UInt8] in [
      [0x80, 0, 0, 0, 0x7F], [0x80, 0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0xFF],
    ] {
      var bytes = archive.tar()
      let field = first + [UInt8](repeating: 0xFF, count: 12 - first.count)
      bytes.replaceSubrange(124..<136, with: field)
      _ = reason(withChecksum(bytes))
    }
  }

  @Test func recordsThatPointOutside() throws {
    let line = String(decoding: try record(archive.tar()).line, as: UTF8.self)
    for (old, new) in [
      (#"\{"offset":\d+,"size":700\}"#, #"{"offset":9223372036854775807,"size":700}"#),
      (#"\{"offset":\d+,"size":700\}"#, #"{"offset":512,"size":9223372036854775807}"#),
      (#"\{"offset":\d+,"size":700\}"#, #"{"offset":512,"size":699}"#),
      (#","size":\d+\}\}"#, #","size":1}}"#),
    ] {
      let changed = line.replacing(try Regex(old), with: new)
      #expect(changed != line)
      let record = try ImageRecord.records(in: Array(changed.utf8))[0]
      let failure = #expect(throws: Failure.self) { try record.sourceLayers(from: [ArchiveLayers.self]) }
      #expect(failure?.kind == .badData)
    }
  }

  /// The archive with a right checksum of its first header.
  private func withChecksum(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes.replaceSubrange(148..<156, with: Array("        ".utf8))
    let sum = String(bytes[..<512].reduce(0) { $0 + Int($1) }, radix: 8)
    bytes.replaceSubrange(
      148..<156, with: Array((String(repeating: "0", count: 6 - sum.count) + sum + "\0 ").utf8))
    return bytes
  }
}
