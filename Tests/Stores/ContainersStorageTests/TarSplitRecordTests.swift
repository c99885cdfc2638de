import ContainersStorage
import Diagnostics
import StoreFixtures
import Testing

/// The records of a tar-split file in every form that JSON allows.
@Suite struct TarSplitRecordTests {
  private static let head = #"{"type":2,"payload":"aGVhZC8=","position":0}"#
  private static let tail = #"{"type":2,"payload":"L3RhaWw=","position":2}"#
  private static let checksum = "YUw+7uLYEAA="

  /// Forms of the same record, of the file `a`.
  static let fileRecords = [
    #"{"type":1,"name":"a","size":6,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"a","size":6,"payload":"YUw+7uLYEAA="}"#,
    #"{"type":1,"name":"a","size":6,"payload":"YUw+7uLYEAA=","position":77777777}"#,
    #"{"type":1,"name":"a","size":6,"payload":"YUw+7uLYEAA=","position":-1}"#,
    #"{"type":1,"name":"a","size":6,"payload":null,"position":1}"#,
    #"{"type":1,"name":"a","size":6}"#,
    #"{"position":1,"payload":"YUw+7uLYEAA=","size":6,"name":"a","type":1}"#,
    "{ \"type\" : 1 ,\n\t\"name\" : \"a\" ,\r\n \"size\" : 6 , \"payload\" : \"YUw+7uLYEAA=\" }",
    #"{"type":1,"name":"\u0061","size":6,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name_raw":"YQ==","size":6,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"other","name_raw":"YQ==","size":6,"payload":"YUw+7uLYEAA="}"#,
    #"{"type":1,"name":"a","name_raw":"","size":6,"payload":"YUw+7uLYEAA="}"#,
    #"{"type":1,"name":"a","size":6,"payload":"YUw+7uLYEA\u0041=","position":1}"#,
    #"{"type":1,"name":"a","size":6,"more":{"x":["}","\"{",{}]},"payload":"YUw+7uLYEAA="}"#,
    #"{"type":1,"name":"./a","size":6,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"/b/..//a","size":6,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"../../a","size":6,"payload":"YUw+7uLYEAA=","position":1}"#,
    #"{"type":1,"name":"/../a/","size":6,"payload":"YUw+7uLYEAA=","position":1}"#,
  ]

  @Test(arguments: fileRecords)
  func aFileRecordIsRead(record: String) throws {
    let layer = try LayerFixture()
    try layer.folder.write("hello\n", to: layer.file("a"))
    for separator in ["\n", "", " \t\r\n\n"] {
      try layer.write(records: [Self.head, record, Self.tail].joined(separator: separator) + separator)
      #expect(try layer.read() == Array("head/hello\n/tail".utf8))
    }
  }

  @Test(
    arguments: [
      (#"{"type":2,"payload":"","position":1}"#, ""), (#"{"type":2,"payload":null,"position":1}"#, ""),
      (#"{"type":2,"position":1}"#, ""), (#"{"type":2}"#, ""), (#"{"payload":"YQ==","type":2}"#, "a"),
      (#"{"type":2,"payload":"Pz8\/Pz8\/","position":1}"#, "??????"),
      (#"{"type":2,"payload":"Pz8/Pz8/","position":1}"#, "??????"),
      (#"{"type":1,"name":"missing","payload":null,"position":1}"#, ""),
      (#"{"type":1,"name":"missing","size":0,"payload":"","position":1}"#, ""),
      (#"{"type":1,"payload":null,"position":1}"#, ""), (#"{"type":1}"#, ""),
      (#"{"type":2,"payload":"eyJ9","position":1}"#, "{\"}"),
    ])
  func recordsWithoutAFileAreRead(record: String, content: String) throws {
    let layer = try LayerFixture()
    try layer.write(records: Self.head + record + Self.tail)
    #expect(try layer.read() == Array("head/\(content)/tail".utf8))
  }

  @Test(
    arguments: [
      "a b", "q\"uote", "back\\slash", "<&>", "\u{2028}", "new\nline", "é", "e\u{301}", "\u{1}", "🎉", "}{",
      "\\u0061", ".wh.x", "d/e/f", "...",
    ])
  func anyNameFindsItsFile(name: String) throws {
    let layer = try LayerFixture()
    try layer.folder.write("hello\n", to: layer.file(name))
    try layer.write(records: Self.head + file(name) + Self.tail)
    #expect(try layer.read() == Array("head/hello\n/tail".utf8))
  }

  /// Hard links and other special entries may have a size in their header, but never data.
  @Test(arguments: [
    ("1", ""), ("2", ""), ("5", ""), ("6", ""), ("0", "hello\n"), ("7", "hello\n"), ("\0", "hello\n"),
  ])
  func theHeaderSaysWhetherThereIsABody(type: String, body: String) throws {
    let layer = try LayerFixture()
    try layer.folder.write("hello\n", to: layer.file("a"))
    var header = [UInt8](repeating: 0, count: 512)
    header[156] = try #require(type.utf8.first)
    try layer.write(records: segment(header) + file("a"))
    #expect(try layer.read() == header + Array(body.utf8))
  }

  @Test(arguments: ["", "\n", "  \n", "{\"type\":2,\"payload\":\"\"}"])
  func aLayerMayBeEmpty(records: String) throws {
    let layer = try LayerFixture()
    try layer.write(records: records)
    #expect(try layer.read() == [])
  }

  @Test(arguments: [100_000, 200_000, 1 << 20, 3_000_000])
  func longSegmentsAreRead(count: Int) throws {
    let layer = try LayerFixture()
    let bytes = deterministicBytes(count, seed: 11)
    try layer.write(records: segment("a") + segment(bytes) + segment(bytes) + segment("z"))
    #expect(try layer.read() == [0x61] + bytes + bytes + [0x7A])
  }

  @Test func severalMembersOfGzipAreOneFile() throws {
    let layer = try LayerFixture()
    let text = Array((Self.head + Self.tail).utf8)
    for cut in [1, 10, Self.head.utf8.count, text.count - 1] {
      try layer.write(compressed: gzipped(Array(text[..<cut])) + gzipped(Array(text[cut...])))
      #expect(try layer.read() == Array("head//tail".utf8))
    }
  }
}
