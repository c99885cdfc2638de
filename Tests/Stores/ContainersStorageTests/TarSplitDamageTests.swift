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

  @Test(arguments: [
    ("[]", "expected an object"), ("null", "expected an object"), ("{", "unexpected end"),
    (#"{"type":2,"payload":"\"#, "unexpected end"), (#"{"type":2,"payload":"x"#, "unexpected end"),
    (#"{"type":1,"name":"a","size":-1}"#, "invalid size"),
    (#"{"type":1,"name_raw":"Y"}"#, "name_raw is not base64"),
    (#"{"type":1,"name":"a","size":6,"payload":"YUw+7uLYEA=="}"#, "invalid checksum"),
    (#"{"type":2,"payload":"Y"}"#, "payload is not base64"),
  ])
  func theReasonIsNamed(record: String, reason: String) throws {
    let layer = try LayerFixture()
    try layer.write(records: segment("head") + record)
    let failure = #expect(throws: Failure.self) { try layer.read() }
    #expect(failure?.reason.hasSuffix(": \(reason)") == true, "\(failure?.reason ?? "")")
  }

  /// A position is not used, but no reason to accept what is no JSON.
  @Test(arguments: ["", "x", "0x", "0,", "0]", "0 0", "\"", "-"])
  func aPositionIsANumber(position: String) throws {
    let layer = try LayerFixture()
    try layer.folder.write("hello\n", to: layer.file("a"))
    for record in [#"{"type":2,"payload":"YQ==""#, #"{"type":1,"name":"a","size":6,"payload":"YUw+7uLYEAA=""#] {
      try layer.write(records: record + #","position":\#(position)}"#)
      #expect(#expect(throws: Failure.self) { try layer.read() }?.kind == .badData)
    }
  }

  /// A record has at most 16 MiB.
  @Test(arguments: [0, 1]) func theLongestRecordIsRead(more: Int) throws {
    let layer = try LayerFixture()
    let (start, end) = (#"{"type":1,"name":""#, #"","payload":null,"position":0}"#)
    let count = 16 << 20 - start.utf8.count - end.utf8.count + more
    try layer.write(records: start + String(repeating: "A", count: count) + end + segment("tail"))
    if more == 0 {
      #expect(try layer.read() == Array("tail".utf8))
    } else {
      let failure = #expect(throws: Failure.self) { try layer.read() }
      #expect(failure?.reason.hasSuffix("record too long") == true)
    }
  }

  @Test(arguments: [0, 1]) func whiteSpaceHasALimit(more: Int) throws {
    let layer = try LayerFixture()
    try layer.write(records: segment("a") + String(repeating: " ", count: 1 << 16 - 1 + more) + segment("b"))
    #expect(((try? layer.read()) == Array("ab".utf8)) == (more == 0))
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

  /// In a piece of 64 KiB: one file for 512 bytes, and two more; as many bytes of names as it has, and 64 KiB more.
  @Test func theLastFileThatATarCanHoldIsRead() throws {
    let layer = try LayerFixture()
    try layer.folder.write("hello\n", to: layer.file("f"))
    func isRead(_ records: String) throws -> Bool {
      try layer.write(records: records)
      return (try? layer.read()) != nil
    }
    #expect(try isRead(String(repeating: file("f"), count: 130)))
    #expect(try !isRead(String(repeating: file("f"), count: 131)))
    let long = String(repeating: "/", count: 4095) + "f"
    let names = String(repeating: file(long), count: 31)
    #expect(try isRead(names + file(long)))
    #expect(try !isRead(names + file("/" + long)))
  }
}
