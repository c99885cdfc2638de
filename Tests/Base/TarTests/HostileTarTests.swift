import Diagnostics
import Testing

@testable import Tar

@Suite struct HostileTarTests {
  private func expectDamage(_ bytes: [UInt8], _ reason: String, _ comment: Comment? = nil) {
    let failure = #expect(throws: Failure.self, comment) { try members(of: bytes) }
    #expect(failure?.kind == .badData, comment)
    #expect(failure?.subject == "file.tar")
    #expect(failure?.reason.hasPrefix("tar: \(reason), at byte ") == true, "\(failure?.reason ?? "")")
  }

  @Test func anArchiveThatEndsEarlyIsDamaged() throws {
    let archive =
      TarText.extended("L", Array(String(repeating: "n", count: 600).utf8)) + TarText.header("n", 700)
      + TarText.data([UInt8](repeating: 1, count: 700)) + TarText.end
    // After nothing, after the only member, and after one zero block.
    let boundaries = [0, 6 * 512, 7 * 512]
    for count in 0..<archive.count where !boundaries.contains(count) {
      let bytes = Array(archive[..<count])
      for source in [ArrayBytes(bytes), SkippableArray(bytes)] {
        let reader = TarReader(source)
        let failure = #expect(throws: Failure.self, "\(count) bytes") { while try reader.next() != nil {} }
        #expect(failure?.kind == .badData)
        // After the long name, only its member is missing.
        #expect(reader.end == (count == 3 * 512 ? .noZeroBlocks : .early), "\(count) bytes")
      }
    }
  }

  @Test func anExtendedHeaderNeedsAMember() {
    for type in ["x", "L", "K"] as [Character] {
      let text = type == "x" ? TarText.pax([("path", "a")]) : [0x61, 0]
      expectDamage(TarText.extended(type, text), "an extended header without a member")
      expectDamage(TarText.extended(type, text) + TarText.end, "an extended header without a member")
    }
  }

  @Test func aHeaderNeedsItsChecksum() {
    let header = TarText.header("a", 5)
    for index in header.indices {
      for bit in [0x80, 0x01 as UInt8] {
        var damaged = header
        damaged[index] ^= bit
        expectDamage(damaged + TarText.end, "a header with a wrong checksum", "byte \(index)")
      }
    }
    expectDamage(Array(repeating: 0x61, count: 512), "a header with a wrong checksum")
    expectDamage(TarText.end.prefix(512) + header + TarText.end, "one zero block between members")
  }

  @Test(arguments: [
    Array("99999999999\0".utf8), Array("-0000000001\0".utf8), Array("12 34567890\0".utf8),
    Array("0x000000005\0".utf8),
    [0xFF] + [UInt8](repeating: 0xFF, count: 11), [0x80, 0xFF] + [UInt8](repeating: 0, count: 10),
    [0x80, 0, 0, 0, 0x80] + [UInt8](repeating: 0, count: 7), [0xBF] + [UInt8](repeating: 0xFF, count: 11),
  ])
  func aSizeMustBeANumber(field: [UInt8]) {
    expectDamage(TarText.header("a", fields: [124: field]) + TarText.end, "a size that is no number")
  }

  @Test func theLargestSizesDoNotOverflow() {
    let largest: [UInt8] = [0x80, 0, 0, 0, 0x7F] + [UInt8](repeating: 0xFF, count: 7)
    let header = TarText.header("a", fields: [124: largest])
    expectDamage(header + TarText.end, "unexpected end")
    let pax = TarText.pax([("size", "\(Int64.max)")])
    expectDamage(TarText.extended("x", pax) + TarText.header("a") + TarText.end, "unexpected end")
    #expect(throws: Failure.self) {
      let reader = TarReader(SkippableArray(header + TarText.end))
      while try reader.next() != nil {}
    }
  }

  @Test(arguments: [
    "9 path=a", "9 path=a\n\n", "09 path=ab\n", "8 path=a\n", "99 path=a\n", "2 \n", "5  a=\n", "6 =ab\n",
    "7 pathx\n",
    "-9 path=a\n", "path=a\n", "18446744073709551616 path=a\n", " 9 path=a\n", "22 size=-1\n", "9 size=x\n",
    "28 size=9223372036854775808\n", "0 path=a\n", "3 a\n",
  ])
  func recordsMustBeWellFormed(text: String) {
    expectDamage(
      TarText.extended("x", Array(text.utf8)) + TarText.header("a") + TarText.end, "malformed PAX records")
  }

  @Test func namesInRecordsHaveNoNUL() {
    for key in ["path", "linkpath"] {
      let records = TarText.pax([(key, "a\0b")])
      expectDamage(TarText.extended("x", records) + TarText.header("a") + TarText.end, "malformed PAX records")
    }
  }

  @Test(arguments: ["x", "g", "L", "K"] as [Character])
  func extendedHeadersAreLimited(type: Character) {
    let header = TarText.header("a", 1 << 20 + 1, type: type)
    expectDamage(header + TarText.end, "an extended header of more than 1048576 bytes")
  }

  @Test func namesAreLimited() throws {
    let longest = [UInt8](repeating: 0x6E, count: 4096)
    let archive = { (name: [UInt8]) in TarText.extended("L", name) + TarText.header("n") + TarText.end }
    #expect(try members(of: archive(longest)).members.count == 1)
    expectDamage(archive(longest + [0x6E]), "a name of more than 4096 bytes")
    expectDamage(
      TarText.extended("K", longest + [0x6E]) + TarText.header("n", type: "2") + TarText.end,
      "a name of more than 4096 bytes")
  }

  @Test func aSparseMapEnds() {
    var map = [UInt8](repeating: 0, count: 512)
    map[504] = 1
    let header = TarText.header("a", 512, type: "S", magic: .gnu, fields: [482: [1]])
    let blocks = (0..<2048).flatMap { _ in map }
    expectDamage(header + blocks + TarText.end, "a sparse file of too many parts")
    expectDamage(header + map, "unexpected end")
  }

  @Test(
    arguments: [
      ("a", "a"), ("./a", "a"), ("/a", "a"), ("//a//b/", "a/b"), ("./", ""), (".", ""), ("/", ""), ("", ""),
      ("a/../b", "b"), ("a/./b", "a/b"), ("a/..", ""), ("..", nil), ("../a", nil), ("a/../../a", nil),
      ("/..", nil),
      ("...", "..."), ("a/..b", "a/..b"), (".a", ".a"), ("./../a", nil),
    ] as [(String, String?)])
  func namesAreCleaned(name: String, expected: String?) {
    #expect(tarName(cleaning: name.utf8) == expected.map { Array($0.utf8) })
  }

  @Test func targetsStartAtTheFolderOrTheRoot() throws {
    func target(_ name: String, _ link: String, _ type: Character) throws -> String? {
      let reader = TarReader(ArrayBytes(TarText.header(name, type: type, link: link) + TarText.end))
      return try reader.next()?.cleanTarget.map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(try target("a/b/c", "../d", "2") == "a/d")
    #expect(try target("c", "d", "2") == "d")
    #expect(try target("a/c", "/d", "2") == "d")
    #expect(try target("a/c", "../../d", "2") == nil)
    #expect(try target("a/c", "./d", "1") == "d")
    #expect(try target("a/c", "", "0") == nil)
  }
}
