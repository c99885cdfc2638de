import Tar
import Testing

@Suite struct TarHeaderTests {
  /// A field of a header as text, including NULs at its end.
  private func field(_ block: [UInt8], _ offset: Int, _ width: Int) -> String {
    String(decoding: block[offset..<(offset + width)], as: UTF8.self)
  }

  private func nuls(_ count: Int) -> String { String(repeating: "\0", count: count) }

  /// The sum of all bytes, with those of the checksum counted as spaces.
  private func checksum(_ block: [UInt8]) -> String {
    let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
    let digits = String(sum, radix: 8)
    return String(repeating: "0", count: 6 - digits.count) + digits + "\0 "
  }

  private func expectCommonFields(_ block: [UInt8]) {
    #expect(block.count == 512)
    #expect(field(block, 108, 8) == "0000000\0")
    #expect(field(block, 116, 8) == "0000000\0")
    #expect(field(block, 148, 8) == checksum(block))
    #expect(field(block, 257, 8) == "ustar\u{0}00")
    #expect(field(block, 265, 64) == nuls(64))
    #expect(field(block, 345, 167) == nuls(167))
  }

  @Test func aFileIsWrittenFieldByField() {
    let name = String(repeating: "a", count: 64) + ".tar"
    let block = TarHeader(name: name, kind: .file(size: 1536), mode: 0o444).bytes
    expectCommonFields(block)
    #expect(field(block, 0, 100) == name + nuls(32))
    #expect(field(block, 100, 8) == "0000444\0")
    #expect(field(block, 124, 12) == "00000003000\0")
    #expect(field(block, 136, 12) == "00000000000\0")
    #expect(field(block, 156, 1) == "0")
    #expect(field(block, 157, 100) == nuls(100))
    #expect(field(block, 329, 16) == "0000000\u{0}0000000\0")
  }

  @Test func aSymbolicLinkIsWrittenFieldByField() {
    let target = "../" + String(repeating: "b", count: 64) + ".tar"
    let block = TarHeader(name: "id/layer.tar", kind: .symbolicLink(target: target), mode: 0).bytes
    expectCommonFields(block)
    #expect(field(block, 0, 100) == "id/layer.tar" + nuls(88))
    #expect(field(block, 100, 8) == "0000000\0")
    #expect(field(block, 124, 12) == "00000000000\0")
    #expect(field(block, 136, 12) == "00000000000\0")
    #expect(field(block, 156, 1) == "2")
    #expect(field(block, 157, 100) == target + nuls(29))
    #expect(field(block, 329, 16) == "0000000\u{0}0000000\0")
  }

  @Test func aDirectoryHasItsType() {
    let block = TarHeader(name: "blobs/", kind: .directory, mode: 0o755, modificationTime: 0o1234).bytes
    expectCommonFields(block)
    #expect(field(block, 100, 8) == "0000755\0")
    #expect(field(block, 124, 12) == "00000000000\0")
    #expect(field(block, 136, 12) == "00000001234\0")
    #expect(field(block, 156, 1) == "5")
  }

  @Test(
    arguments: [(0, "00000000000\0"), (1, "00000000001\0"), (8_589_934_591, "77777777777\0")]
      as [(UInt64, String)])
  func sizesThatFitNeedOneBlock(size: UInt64, text: String) {
    let header = TarHeader(name: "layer.tar", kind: .file(size: size), mode: 0o444)
    #expect(header.size == size)
    #expect(header.bytes.count == 512)
    #expect(field(header.bytes, 124, 12) == text)
  }

  @Test(
    arguments: [
      (8_589_934_592, "19 size=8589934592\n"), (9_999_999_999, "19 size=9999999999\n"),
      (10_000_000_000, "20 size=10000000000\n"), (.max, "29 size=18446744073709551615\n"),
    ] as [(UInt64, String)])
  func largerSizesHaveAPAXRecord(size: UInt64, record: String) {
    let name = String(repeating: "c", count: 64) + ".tar"
    let bytes = TarHeader(name: name, kind: .file(size: size), mode: 0o444).bytes
    #expect(bytes.count == 3 * 512)
    let pax = Array(bytes[..<512])
    expectCommonFields(pax)
    #expect(field(pax, 0, 100) == "PaxHeaders.0/" + name + nuls(19))
    #expect(field(pax, 100, 8) == "0000000\0")
    #expect(field(pax, 124, 12) == "000000000" + String(record.utf8.count, radix: 8) + "\0")
    #expect(field(pax, 136, 12) == "00000000000\0")
    #expect(field(pax, 156, 1) == "x")
    #expect(field(pax, 329, 16) == nuls(16))
    #expect(field(Array(bytes[512..<1024]), 0, 512) == record + nuls(512 - record.utf8.count))
    let member = Array(bytes[1024...])
    expectCommonFields(member)
    #expect(field(member, 0, 100) == name + nuls(32))
    #expect(field(member, 100, 8) == "0000444\0")
    #expect(field(member, 124, 12) == "00000000000\0")
    #expect(field(member, 156, 1) == "0")
    #expect(field(member, 329, 16) == "0000000\u{0}0000000\0")
  }

  @Test func aLongNameIsCutInThePAXHeaderOnly() {
    let name = String(repeating: "n", count: 100)
    let bytes = TarHeader(name: name, kind: .file(size: 1 << 33), mode: 0o444).bytes
    #expect(field(bytes, 0, 100) == "PaxHeaders.0/" + String(repeating: "n", count: 87))
    #expect(field(Array(bytes[1024...]), 0, 100) == name)
  }
}
