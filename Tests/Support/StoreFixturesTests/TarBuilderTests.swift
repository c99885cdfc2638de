import StoreFixtures
import Testing

@Suite struct TarBuilderTests {
  /// The header block of a tar of one member.
  private func header(_ member: TarMember) -> [UInt8] {
    var tar = TarBuilder()
    tar.add(member)
    return Array(tar.finish().bytes.prefix(512))
  }

  @Test func writesUstarFields() {
    var member = TarMember("dir/file", .file(Array("hello\n".utf8)))
    member.mode = 0o4755
    member.uid = 1000
    let block = header(member)
    func field(_ offset: Int, _ width: Int) -> String {
      String(decoding: block[offset..<(offset + width)].prefix { $0 != 0 }, as: UTF8.self)
    }
    #expect(field(0, 100) == "dir/file")
    #expect(field(100, 8) == "0004755")
    #expect(field(108, 8) == "0001750")
    #expect(field(124, 12) == "00000000006")
    #expect(field(257, 8) == "ustar")
    #expect(field(265, 32) == "root")
    let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
    #expect(Int(field(148, 6), radix: 8) == sum)
  }

  @Test func writesNumbersThatDoNotFitInBase256() {
    var member = TarMember("old", .file([]))
    member.uid = 3_000_000
    member.mtime = -2
    let block = header(member)
    #expect(block[108..<116] == [0x80, 0, 0, 0, 0, 0x2D, 0xC6, 0xC0])
    #expect(block[136..<148].elementsEqual([UInt8](repeating: 0xFF, count: 11) + [0xFE]))
    #expect(block[257..<265].elementsEqual("ustar  \0".utf8))
  }

  @Test func endsAsAsked() {
    var tar = TarBuilder()
    tar.file("a", "abc")
    #expect(tar.finish().bytes.count == 2048)
    #expect(tar.finish(.abrupt).bytes.count == 515)
    #expect(TarBuilder().finish(.abrupt).bytes.isEmpty)
    var long = TarBuilder.End()
    long.zeroBlocks = 3
    long.trailer = [1, 2]
    #expect(tar.finish(long).bytes.count == 1024 + 1538)
  }

  @Test func writesTarSplitAsGoDoes() {
    var tar = TarBuilder()
    tar.file("<a>", "hello\n")
    tar.add(TarMember([0xE9], .fifo))
    let text = String(decoding: tar.finish(.abrupt).tarSplit, as: UTF8.self)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    #expect(lines[1] == #"{"type":1,"name":"\u003ca\u003e","size":6,"payload":"YUw+7uLYEAA=","position":1}"#)
    #expect(lines[3] == #"{"type":1,"name_raw":"6Q==","payload":null,"position":3}"#)
    #expect(lines[4] == #"{"type":2,"payload":"","position":4}"#)
  }

  @Test func aSizeWithoutABodyIsRecorded() {
    var tar = TarBuilder()
    var member = TarMember("link", .hardLink(Array("file".utf8)))
    member.sizeField = 6
    tar.add(member)
    let text = String(decoding: tar.finish().tarSplit, as: UTF8.self)
    #expect(text.contains(#""name":"link","size":6,"payload":"AAAAAAAAAAA=""#))
    #expect(tar.finish().bytes.count == 512 + 1024)
  }
}
