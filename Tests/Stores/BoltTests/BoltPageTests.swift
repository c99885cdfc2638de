import Diagnostics
import StoreFixtures
import Testing

@testable import Bolt

/// Pages made by hand: each rule for them at its limit.
@Suite struct BoltPageTests {
  /// Branches with one child each, and a leaf below them.
  private func chain(branches: UInt64) -> [UInt8] {
    let branches = (0..<branches).map { index in branch(2 + index, [("a", 3 + index)]) }
    return database(branches + [leaf(UInt64(2 + branches.count), [("a", [7])])])
  }

  @Test func aTreeHasAtMost64Branches() throws {
    #expect(try BoltDatabase(chain(branches: 64)).read { root throws(Failure) in try root.value("a") } == [7])
    #expect(try walk(chain(branches: 64)) == ["/a = 1: \u{7}"])
    let deep = chain(branches: 65)
    for key in ["a", nil] {
      expect(.badData, "page 67: the tree is too deep") { () throws(Failure) in try read(deep, key) }
    }
  }

  /// The keys of a child are those from its key in the branch on, and before the key of the next child.
  @Test(arguments: [
    (0, "a", "l", true), (0, "b", "l", true), (0, "a", "m", false), (0, "a", "n", false), (0, "A", "b", false),
    (1, "m", "s", true), (1, "m", "t", false), (1, "m", "u", false), (1, "l", "n", false),
    (2, "t", "z", true), (2, "s", "z", false),
  ]) func keysBelongToTheirPage(child: Int, first: String, last: String, isRight: Bool) throws {
    var keys = [["a", "b"], ["m", "n"], ["t", "u"]]
    keys[child] = [first, last]
    let bytes = database(
      [branch(2, [("a", 3), ("m", 4), ("t", 5)])]
        + keys.enumerated().map { index, keys in leaf(UInt64(3 + index), keys.map { (key: $0, value: [1]) }) })
    if isRight {
      #expect(try walk(bytes).count == 6)
      #expect(try value(bytes, last) == [1])
    } else {
      let reason = "page \(3 + child): keys that belong to another page"
      for key in [["a", "m", "t"][child], nil] {
        expect(.badData, reason) { () throws(Failure) in try read(bytes, key) }
      }
    }
  }

  @Test func aLeafWithoutKeysIsNoDamage() throws {
    let bytes = database([branch(2, [("a", 3), ("m", 4)]), leaf(3, [("a", [1])]), leaf(4, [])])
    #expect(try walk(bytes) == ["/a = 1: \u{1}"])
    #expect(try value(bytes, "m") == nil)
  }

  @Test func keysBeforeAllOthersAreNotThere() throws {
    let bytes = database([branch(2, [("b", 3), ("m", 4)]), leaf(3, [("b", [1])]), leaf(4, [("m", [2])])])
    #expect(try value(bytes, "a") == nil)
    #expect(try value(bytes, "") == nil)
  }

  @Test(arguments: [
    (branch(2, []), "a branch without elements"), (leaf(3, []), "has the number 3"),
    (page(2, flags: 0, []), "not a branch or a leaf"), (page(2, flags: 3, []), "not a branch or a leaf"),
    (page(2, flags: 4, []), "not a branch or a leaf"),
    // 63 elements fill the page to its last byte.
    (page(2, flags: 2, count: 64, []), "64 elements do not fit"),
    (page(2, flags: 2, count: 63, []), "element 0 is outside the page or overlaps another"),
    (leaf(2, [("a", [1])], flags: 2), "element 0 has unknown flags"),
    (leaf(2, [("a", [1]), ("b", [2])], flags: 3), "element 0 has unknown flags"),
    (leaf(2, [("a", [1]), ("a", [2])]), "the keys are not in order"),
    (leaf(2, [("b", [1]), ("a", [2])]), "the keys are not in order"),
    (leaf(2, [("a", [1]), ("b", [2])], shift: -1), "element 1 is outside the page or overlaps another"),
    (leaf(2, [("a", [UInt8](repeating: 1, count: 992))]), "element 0 is outside the page or overlaps another"),
  ]) func damagedPagesAreRefused(page: [UInt8], reason: String) {
    expect(.badData, "page 2: \(reason)") { () throws(Failure) in try walk(database([page])) }
  }

  @Test func anElementMayEndWithThePage() throws {
    // 16 bytes of the page, 16 of the element, one of the key.
    let bytes = database([leaf(2, [("a", [UInt8](repeating: 1, count: 991))])])
    #expect(try value(bytes, "a")?.count == 991)
  }

  @Test(arguments: [
    (1, 3, "page 1: no such page"), (0, 3, "page 0: no such page"), (3, 3, "page 3: no such page"),
  ])
  func pagesOfNoTreeAreRefused(root: UInt64, end: UInt64, reason: String) {
    expect(.badData, reason) { () throws(Failure) in try walk(database([leaf(2, [])], end: end, root: root)) }
  }

  @Test(arguments: [
    (1, 3, "page 2: longer than the database"), (1, 4, "page 2: the file is truncated"),
    // At most 64 MiB.
    (65_535, 70_000, "page 2: the file is truncated"), (65_536, 70_000, "page 2: too long"),
  ]) func longPagesMustBeThere(further: UInt32, end: UInt64, reason: String) {
    let page = page(2, flags: 2, further: further, [])
    expect(.badData, reason) { () throws(Failure) in try walk(database([page], end: end)) }
  }

  @Test(arguments: [
    (15, "a bucket of 15 bytes"), (16, "a bucket: truncated"), (31, "a bucket: truncated"),
    (32, "a bucket: not a branch or a leaf"),
  ]) func aBucketHasAHeaderAndAPage(count: Int, reason: String) {
    let bytes = database([leaf(2, [("a", [UInt8](repeating: 0, count: count))], flags: 1)])
    expect(.badData, reason) { () throws(Failure) in
      try BoltDatabase(bytes).read { root throws(Failure) in try root.bucket("a") }
    }
  }

  @Test func aBucketIsNotInItself() {
    let own = little(2 as UInt64) + little(0 as UInt64)
    expect(.badData, "page 2: a bucket in itself") { () throws(Failure) in
      try walk(database([leaf(2, [("a", own)], flags: 1)]))
    }
    let other = little(3 as UInt64) + little(0 as UInt64)
    expect(.badData, "page 2: a bucket in itself") { () throws(Failure) in
      try walk(database([leaf(2, [("a", other)], flags: 1), leaf(3, [("b", own)], flags: 1)]))
    }
  }

  @Test func theHeaderHasTheNumberOfFurtherPages() {
    let header = page(2, flags: 2, further: 7, [])
    #expect(BoltPage.overflow(header[...]) == 7)
    #expect(BoltPage.overflow(header.prefix(15)) == 0)
  }

  private func value(_ bytes: [UInt8], _ key: String) throws(Failure) -> [UInt8]? {
    try BoltDatabase(bytes).read { root throws(Failure) in try root.value(key).map { Array($0) } }
  }

  private func walk(_ bytes: [UInt8]) throws(Failure) -> [String] {
    try BoltDatabase(bytes).read { root throws(Failure) in try root.lines() }
  }

  /// Looks up a key, or reads everything.
  private func read(_ bytes: [UInt8], _ key: String?) throws(Failure) {
    if let key { _ = try value(bytes, key) } else { _ = try walk(bytes) }
  }
}

/// The records of a file's meta pages.
@Suite struct BoltMetaTests {
  /// A record with some fields.
  private func record(pageSize: UInt32 = 1024, end: UInt64 = 3) -> [UInt8] {
    var record = Array(BoltBuilder.database([]).prefix(80))
    record.replaceSubrange(24..<28, with: little(pageSize))
    record.replaceSubrange(56..<64, with: little(end))
    return resealed(record, at: 0)
  }

  @Test(arguments: [(512, false), (1024, true), (1536, false), (16 << 20, true), (32 << 20, false)])
  func pagesHaveSizesThatBoltUses(size: UInt32, isValid: Bool) {
    #expect(BoltMeta(record(pageSize: size))?.pageSize == (isValid ? Int(size) : nil))
  }

  /// The length of the file is a number that the system has for lengths.
  @Test(arguments: [(UInt64(1) << 53) - 1, 1 << 53, 1 << 54, .max])
  func lengthsAreBelowTheirLimit(end: UInt64) {
    #expect((BoltMeta(record(end: end)) != nil) == (end < 1 << 53))
  }

  @Test func ofTwoRecordsOfATransactionTheFirstCounts() throws {
    var bytes = BoltBuilder.database([("a", .value([2]))], before: [("a", .value([1]))], transaction: 8)
    bytes.replaceSubrange(1088..<1096, with: little(8 as UInt64))
    let database = try BoltDatabase(resealed(bytes, at: 1024))
    #expect(try database.read { root throws(Failure) in try root.value("a") } == [2])
  }

  /// A page of the database can hold an old record; only those at the starts of the first two pages count.
  @Test func recordsAtOtherPlacesDoNotCount() throws {
    var bytes = BoltBuilder.database([("a", .value([5]))], pageSize: 4096)
    var other = Array(bytes[4096..<4176])
    other.replaceSubrange(32..<40, with: little(1 as UInt64))
    other.replaceSubrange(64..<72, with: little(1000 as UInt64))
    bytes.replaceSubrange(1024..<1104, with: resealed(other, at: 0))
    bytes[20] = 0
    #expect(try BoltDatabase(bytes).read { root throws(Failure) in try root.value("a") } == [5])
  }

  @Test(arguments: [
    (20, "written on a machine with another byte order, which is not supported"),
    (19, "not a bolt database: too short"),
  ]) func theByteOrderIsKnownFrom20Bytes(count: Int, reason: String) {
    var bytes = Array(BoltBuilder.database([]).prefix(count))
    if count == 20 { bytes[16..<20].reverse() }
    expect(.badData, reason) { () throws(Failure) in try BoltDatabase(bytes) }
  }

  @Test func aRecordHas80Bytes() {
    let bytes = database([])
    expect(.badData, "not a bolt database: too short") { () throws(Failure) in
      try BoltDatabase(Array(bytes.prefix(79)))
    }
    expect(.badData, "page 2: no such page") { () throws(Failure) in
      try BoltDatabase(Array(bytes.prefix(80))).read { root throws(Failure) in try root.value("a") }
    }
  }
}

/// A database of pages made by hand, from page 2 on, which is the root.
private func database(_ pages: [[UInt8]], end: UInt64? = nil, root: UInt64 = 2) -> [UInt8] {
  var bytes = Array(BoltBuilder.database([]).prefix(2048))
  for place in [0, 1024] {
    bytes.replaceSubrange((place + 32)..<(place + 40), with: little(root))
    bytes.replaceSubrange((place + 56)..<(place + 64), with: little(end ?? UInt64(2 + pages.count)))
    bytes = resealed(bytes, at: place)
  }
  return bytes + pages.flatMap { Array(($0 + [UInt8](repeating: 0, count: 1024)).prefix(1024)) }
}

/// The bytes with the right checksum in the record of the page at an offset.
private func resealed(_ bytes: [UInt8], at offset: Int) -> [UInt8] {
  var bytes = bytes
  let checksum = BoltBuilder.checksum(Array(bytes[(offset + 16)..<(offset + 72)]))
  bytes.replaceSubrange((offset + 72)..<(offset + 80), with: little(checksum))
  return bytes
}

/// A page with a header; `further` is the number of pages that belong to it.
private func page(
  _ number: UInt64, flags: UInt16, count: Int = 0, further: UInt32 = 0, _ body: [UInt8]
) -> [UInt8] {
  little(number) + little(flags) + little(UInt16(count)) + little(further) + body
}

private func branch(_ number: UInt64, _ elements: [(key: String, child: UInt64)]) -> [UInt8] {
  var fixed: [UInt8] = []
  var keys: [UInt8] = []
  for (index, element) in elements.enumerated() {
    fixed += little(UInt32(16 * (elements.count - index) + keys.count))
    fixed += little(UInt32(element.key.utf8.count)) + little(element.child)
    keys += Array(element.key.utf8)
  }
  return page(number, flags: 1, count: elements.count, fixed + keys)
}

/// A leaf; `flags` are those of the elements, and all keys but the first are shifted.
private func leaf(
  _ number: UInt64, _ elements: [(key: String, value: [UInt8])], flags: UInt32 = 0, shift: Int = 0
) -> [UInt8] {
  var fixed: [UInt8] = []
  var data: [UInt8] = []
  for (index, element) in elements.enumerated() {
    let position = 16 * (elements.count - index) + data.count + (index > 0 ? shift : 0)
    fixed += little(flags) + little(UInt32(position))
    fixed += little(UInt32(element.key.utf8.count)) + little(UInt32(element.value.count))
    data += Array(element.key.utf8) + element.value
  }
  return page(number, flags: 2, count: elements.count, fixed + data)
}

private func little(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
