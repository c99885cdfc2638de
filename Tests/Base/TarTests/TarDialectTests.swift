import Diagnostics
import Tar
import Testing

@Suite struct TarDialectTests {
  private func expect(_ bytes: [UInt8], _ expected: String...) throws {
    let found = try members(of: bytes + TarText.end)
    #expect(found.members == expected)
    #expect(found.end == .zeroBlocks)
  }

  @Test(arguments: TarText.Magic.allCases)
  func plainHeaders(magic: TarText.Magic) throws {
    try expect(
      TarText.header("a", 5, magic: magic) + TarText.data(Array("hello".utf8))
        + TarText.header("b/", type: "5", magic: magic)
        + TarText.header("c", type: "2", magic: magic, link: "a")
        + TarText.header("d", type: "1", magic: magic, link: "b/../a"),
      "a file 5@512", "b/ directory 0@1536", "c symlink 0@2048 a", "d link 0@2560 b/../a")
  }

  @Test func onlyUstarHasAPrefix() throws {
    let prefix = [345: Array("some/folder".utf8)]
    try expect(TarText.header("a", fields: prefix), "some/folder/a file 0@512")
    try expect(TarText.header("a", magic: .gnu, fields: prefix), "a file 0@512")
    try expect(TarText.header("a", magic: .v7, fields: prefix), "a file 0@512")
    let star = prefix.merging([476: Array("00000000001\0".utf8), 508: Array("tar\0".utf8)]) { $1 }
    try expect(TarText.header("a", fields: star), "some/folder/a file 0@512")
  }

  @Test func fieldsMayBeFull() throws {
    let name = String(repeating: "n", count: 100)
    let prefix = String(repeating: "p", count: 155)
    try expect(TarText.header(name, fields: [345: Array(prefix.utf8)]), "\(prefix)/\(name) file 0@512")
    try expect(TarText.header("l", type: "2", link: name), "l symlink 0@512 \(name)")
  }

  @Test func oldTypesAreFilesOrDirectories() throws {
    try expect(
      TarText.header("a", 1, type: "\0", magic: .v7) + TarText.data([1])
        + TarText.header("b/", type: "\0", magic: .v7)
        + TarText.header("c", 1, type: "7") + TarText.data([1]),
      "a file 1@512", "b/ directory 0@1536", "c file 1@2048")
  }

  @Test func otherTypesAreReported() throws {
    try expect(
      TarText.header("a", 5, type: "3") + TarText.header("b", 5, type: "4") + TarText.header("c", 5, type: "6")
        + TarText.header("d", 1, type: "M") + TarText.data([1]),
      "a other-3 0@512", "b other-4 0@1024", "c other-6 0@1536", "d other-M 1@2048")
  }

  /// Links and directories have no data, whatever their size says.
  @Test(arguments: ["1", "2", "5"] as [Character])
  func linksHaveNoData(type: Character) throws {
    let found = try members(of: TarText.header("a", 512, type: type) + TarText.header("b") + TarText.end)
    #expect(found.members.count == 2)
    #expect(found.members.last == "b file 0@1024")
  }

  @Test func longNamesOfGNU() throws {
    let name = String(repeating: "long/", count: 60) + "name"
    let target = String(repeating: "other/", count: 60) + "target"
    try expect(
      TarText.extended("K", Array((target + "\0").utf8)) + TarText.extended("L", Array((name + "\0").utf8))
        + TarText.header("long", type: "2", magic: .gnu, link: "other") + TarText.header("b", magic: .gnu),
      "\(name) symlink 0@2560 \(target)", "b file 0@3072")
  }

  @Test func recordsOfPAX() throws {
    let name = String(repeating: "long/", count: 60) + "name"
    let records = TarText.pax([
      ("path", name), ("size", "5"), ("mtime", "1.5"), ("SCHILY.xattr.user.a", "\n=x"),
    ])
    try expect(
      TarText.extended("x", records) + TarText.header("short", 0) + TarText.data(Array("hello".utf8)),
      "\(name) file 5@1536")
    let links = TarText.pax([("linkpath", name), ("path", "a"), ("path", "b"), ("path", "c"), ("path", "")])
    try expect(
      TarText.extended("x", links) + TarText.header("short", type: "2", link: "x") + TarText.header("d"),
      "short symlink 0@1536 \(name)", "d file 0@2048")
  }

  @Test func laterRecordsOverride() throws {
    try expect(
      TarText.extended("x", TarText.pax([("path", "a")])) + TarText.extended("x", TarText.pax([("path", "b")]))
        + TarText.header("short"), "b file 0@2560")
  }

  @Test func globalRecordsHoldForAllMembers() throws {
    try expect(
      TarText.extended("g", TarText.pax([("comment", "0123"), ("path", "all")])) + TarText.header("a")
        + TarText.extended("x", TarText.pax([("path", "b")])) + TarText.header("c") + TarText.header("d"),
      "all file 0@1536", "b file 0@3072", "all file 0@3584")
    try expect(TarText.extended("g", TarText.pax([("comment", "end")])))
  }

  @Test func sizesInBase256() throws {
    let large: [UInt8] = [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1]
    try expect(
      TarText.header("a", magic: .gnu, fields: [124: large]) + [UInt8](repeating: 1, count: 1024),
      "a file 513@512")
  }

  @Test func numbersMayHaveSpaces() throws {
    let size = Array("        5  \0".utf8)
    try expect(TarText.header("a", fields: [124: size]) + TarText.data([1, 2, 3, 4, 5]), "a file 5@512")
    try expect(TarText.header("a", fields: [124: [UInt8](repeating: 0, count: 12)]), "a file 0@512")
  }

  @Test func checksumsAreSignedOrUnsigned() throws {
    try expect(TarText.header("é", isSigned: true) + TarText.header("ü"), "é file 0@512", "ü file 0@1024")
  }

  @Test func sparseFilesAreReported() throws {
    let old = TarText.header("a", 512, type: "S", magic: .gnu, fields: [482: [1]])
    var map = [UInt8](repeating: 0, count: 512)
    map[504] = 1
    let last = [UInt8](repeating: 0, count: 512)
    try expect(
      old + map + last + [UInt8](repeating: 7, count: 512)
        + TarText.extended("x", TarText.pax([("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0")]))
        + TarText.header("b", 3) + TarText.data([1, 2, 3]) + TarText.header("c"),
      "a sparse 512@1536", "b sparse 3@3584", "c file 0@4608")
  }

  /// At the place of GNU's mark of a longer map, ustar has its prefix.
  @Test func onlyGNUHasALongerMap() throws {
    try expect(
      TarText.header("a", 3, type: "S", magic: .gnu) + TarText.data([1, 2, 3])
        + TarText.header("b", 3, type: "S", fields: [482: [1]]) + TarText.data([1, 2, 3])
        + TarText.header("c", 3, magic: .gnu, fields: [482: [1]]) + TarText.data([1, 2, 3]),
      "a sparse 3@512", "b sparse 3@1536", "c file 3@2560")
  }

  @Test func onlyLinksHaveATarget() throws {
    for type in ["0", "5", "3", "S", "M"] as [Character] {
      let reader = TarReader(ArrayBytes(TarText.header("a", type: type, link: "b") + TarText.end))
      #expect(try reader.next()?.linkTarget == [])
    }
  }

  @Test func theKindOfEndIsReported() throws {
    let member = TarText.header("a", 3) + TarText.data([1, 2, 3])
    #expect(try members(of: member + TarText.end).end == .zeroBlocks)
    #expect(try members(of: member).end == .noZeroBlocks)
    #expect(try members(of: member + TarText.end.prefix(512)).end == .noZeroBlocks)
    #expect(try members(of: []).end == .noZeroBlocks)
    #expect(try members(of: TarText.end + TarText.header("behind")).members == [])
  }

  @Test(arguments: [1, 7, 511, 512, 100_000])
  func dataIsReadOrSkipped(piece: Int) throws {
    let bytes = (0..<1300).map { UInt8(truncatingIfNeeded: $0) }
    let archive =
      TarText.header("a", bytes.count) + TarText.data(bytes) + TarText.header("b", 5)
      + TarText.data([9, 8, 7, 6, 5])
    for source in [ArrayBytes(archive + TarText.end, piece: piece), SkippableArray(archive + TarText.end)] {
      let reader = TarReader(source)
      #expect(try reader.next()?.size == 1300)
      var start = [UInt8](repeating: 0, count: 700)
      #expect(try start.withMutableBytes { buffer throws(Failure) in try reader.read(into: buffer) } == 700)
      #expect(start == Array(bytes[..<700]))
      #expect(try reader.next()?.name == Array("b".utf8))
      var all = [UInt8](repeating: 0, count: 700)
      #expect(try all.withMutableBytes { buffer throws(Failure) in try reader.read(into: buffer) } == 5)
      #expect(Array(all[..<5]) == [9, 8, 7, 6, 5])
      #expect(try reader.next() == nil)
      #expect(try reader.next() == nil)
      #expect(reader.position == UInt64(archive.count + 1024))
      if let skippable = source as? SkippableArray { #expect(skippable.skipped == 600 + 236) }
    }
  }

  @Test func fillingIsWatched() throws {
    var archive = TarText.header("a", 3) + TarText.data([1, 2, 3]) + TarText.header("b", 1) + TarText.data([1])
    archive[512 + 100] = 1
    let reader = TarReader(ArrayBytes(archive + TarText.end))
    #expect(!reader.hasDirtyPadding)
    _ = try reader.next()
    #expect(!reader.hasDirtyPadding)
    _ = try reader.next()
    #expect(reader.hasDirtyPadding)
    _ = try reader.next()
    #expect(!reader.hasDirtyPadding)
  }
}
