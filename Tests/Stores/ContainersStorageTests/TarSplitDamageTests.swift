import ContainersStorage
import Diagnostics
import POSIX
import StoreFixtures
import Testing

/// Data that no writer of tar-split makes is refused, quickly, with a message that names the file.
@Suite struct TarSplitDamageTests {
  static let damagedRecords = [
    #"{"type":3,"payload":"","position":0}"#, #"{"type":0}"#, #"{"type":"2","payload":""}"#, #"{"type":2.0}"#,
    #"{"payload":""}"#, "{}",
    #"{"type":1,"name":"a","size":-1,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"a","size":1180591620717411303424,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"a","size":9223372036854775808,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"a","size":"6","payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"a","size":6e0,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"a","size":,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"a","size":6,"payload":"YUw+7uLYEA==","position":1}"#,
    #"{"type":1,"name":"a","size":6,"payload":"YUw+7uLYEAAA","position":1}"#,
    #"{"type":1,"name":"a","size":6,"payload":"not base64!!","position":1}"#,
    #"{"type":1,"name_raw":"Y","size":6,"payload":"YUw+7uLYEAA="}"#,
    #"{"type":1,"name":"a","name":"a","size":6,"payload":"YUw+7uLYEAA="}"#,
    #"{"type":1,"name":"\ud800","size":6,"payload":"YUw+7uLYEAA="}"#,
    #"{"type":2,"payload":"YQ","position":0}"#, #"{"type":2,"payload":"YQ=","position":0}"#,
    #"{"type":2,"payload":"Y*==","position":0}"#, #"{"type":2,"payload":"YQ==YQ==","position":0}"#,
    #"{"type":2,"payload":"-_-_","position":0}"#, #"{"type":2,"payload":"\n","position":0}"#,
    #"{"type":2,"payload":"","position":0"#, #"{"type":2,"payload":"#, "{", "[]", "null", "2", "nonsense", "}",
    #"{"type":2,"payload":"" "position":0}"#, #"{"type":2,"payload":""}]"#,
    #"{"type":1,"name":"","size":6,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"/","size":6,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"a/..","size":6,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"size":6,"payload":"YUw+7uLYEAA=","position":1}"#,
  ]

  @Test(arguments: damagedRecords)
  func aDamagedRecordIsRefused(record: String) throws {
    let layer = try LayerFixture()
    try layer.folder.write("hello\n", to: layer.file("a"))
    try layer.write(records: segment("head") + record)
    let failure = #expect(throws: Failure.self) { try layer.read() }
    #expect(failure?.kind == .badData)
  }

  @Test func theMessageCountsRecords() throws {
    let layer = try LayerFixture()
    try layer.write(records: segment("a") + segment("b") + #"{"type":3}"#)
    let failure = #expect(throws: Failure.self) { try layer.read() }
    #expect(failure?.subject == layer.folder.at("overlay-layers/\(layer.id).tar-split.gz"))
    #expect(failure?.reason == "tar-split record 3: unknown type")
  }

  @Test func aTruncatedFileIsRefused() throws {
    let layer = try LayerFixture()
    let compressed = gzipped(Array((segment("head") + segment("tail")).utf8))
    for count in 1..<compressed.count {
      try layer.write(compressed: Array(compressed[..<count]))
      let failure = #expect(throws: Failure.self, "\(count) bytes") { try layer.read() }
      #expect(failure?.kind == .badData)
    }
  }

  @Test func aMissingFileIsNamed() throws {
    let layer = try LayerFixture()
    let failure = #expect(throws: Failure.self) { try layer.read() }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == layer.folder.at("overlay-layers/\(layer.id).tar-split.gz"))
    #expect(failure?.reason == "no tar-split data; the original archive cannot be reproduced")
  }

  @Test(.timeLimit(.minutes(5)))
  func whatIsNoFileIsRefusedWithoutWaiting() throws {
    let layer = try LayerFixture()
    try layer.folder.makeFIFO("overlay-layers/\(layer.id).tar-split.gz")
    #expect(throws: Failure.self) { try layer.read() }
    try layer.folder.remove("overlay-layers/\(layer.id).tar-split.gz")
    try layer.folder.makeDirectory("overlay-layers/\(layer.id).tar-split.gz")
    let failure = #expect(throws: Failure.self) { try layer.read() }
    #expect(failure?.reason == "not a regular file")
  }

  /// A few hundred kilobytes can inflate to a lot: it is not held in memory, and not read to its end.
  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      ("", " ", "too much white space"), (#"{"type":2,"payload":""#, "A", "record too long"),
      (#"{"type":1,"name":""#, "A", "record too long"),
    ])
  func bombsAreRefused(start: String, filling: Character, reason: String) throws {
    let layer = try LayerFixture()
    let bomb = gzipped(Array(String(repeating: filling, count: 4 << 20).utf8))
    let bombs = (0..<64).flatMap { _ in bomb }
    try layer.write(compressed: gzipped(Array(start.utf8)) + bombs)
    let failure = #expect(throws: Failure.self) { try layer.read() }
    #expect(failure?.kind == .badData)
    #expect(failure?.reason.hasSuffix(reason) == true)
  }

  @Test func sizesThatAddUpToTooMuchAreRefused() throws {
    let layer = try LayerFixture()
    let huge = #"{"type":1,"name":"a","size":9223372036854775807,"payload":"YUw+7uLYEAA=","position":1}"#
    try layer.write(records: huge + "\n" + huge)
    let record = RawObject([
      "id": quoted("\(layer.id)"), "diff-digest": quoted("sha256:\(layer.id)"), "diff-size": "-1",
    ])
    try layer.folder.write("[\(record.text)]", to: "overlay-layers/layers.json")
    let table = try LayerTable(of: StoreSnapshot(of: layer.location))
    let failure = #expect(throws: Failure.self) { try table.chain(to: "\(layer.id)") }
    #expect(failure?.reason == "tar-split record 2: sum of sizes overflows")
  }

  /// Records without headers in between could make one piece of a tar need unlimited memory.
  @Test func moreFilesThanATarCanHoldAreRefused() throws {
    let layer = try LayerFixture()
    try layer.folder.write("hello\n", to: layer.file("f"))
    let long = String(repeating: "./", count: 2000) + "f"
    for (name, count) in [("f", 1000), (long, 60)] {
      try layer.write(records: String(repeating: file(name), count: count))
      let failure = #expect(throws: Failure.self) { try layer.read() }
      #expect(failure?.kind == .badData)
      #expect(failure?.reason.contains("more files than") == true, "\(failure?.reason ?? "")")
    }
    try layer.write(records: String(repeating: file("f"), count: 100))
    #expect(try layer.read().count == 600)
  }
}
