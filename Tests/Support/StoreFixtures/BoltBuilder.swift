/// A database of bbolt, built from its contents: as small as wanted, and with all kinds of pages.
///
/// Source: bbolt internal/common/page.go, meta.go, bucket.go.
public struct BoltBuilder {
  /// What a key has.
  public indirect enum Entry: Sendable {
    /// Bytes.
    case value([UInt8])
    /// Further keys.
    case bucket([(key: String, entry: Entry)])
  }

  private let pageSize: Int
  /// The pages from page 2 on.
  private var pages: [UInt8] = []
  private var nextPage: UInt64 { 2 + UInt64(pages.count / pageSize) }

  /// The bytes of a database with some buckets, as of a transaction; `before` are those of the transaction before it.
  public static func database(
    _ entries: [(key: String, entry: Entry)], before: [(key: String, entry: Entry)] = [], pageSize: Int = 1024,
    transaction: UInt64 = 7
  ) -> [UInt8] {
    var builder = BoltBuilder(pageSize: pageSize)
    let root = builder.write(entries)
    let oldRoot = builder.write(before)
    var result: [UInt8] = []
    for page in 0..<2 as Range<UInt64> {
      let isLast = transaction % 2 == page
      result += builder.meta(page, isLast ? root : oldRoot, isLast ? transaction : transaction - 1)
    }
    return result + builder.pages
  }

  private init(pageSize: Int) {
    self.pageSize = pageSize
  }

  /// The meta page of a transaction.
  private func meta(_ page: UInt64, _ root: UInt64, _ transaction: UInt64) -> [UInt8] {
    var meta =
      little(0xED0C_DAED as UInt32) + little(2 as UInt32) + little(UInt32(pageSize)) + little(0 as UInt32)
    meta += little(root) + little(0 as UInt64) + little(UInt64.max) + little(nextPage) + little(transaction)
    meta += little(Self.checksum(meta))
    return padded(header(page, flags: 4, count: 0) + meta)
  }

  /// The checksum of a meta record: FNV-1a of 64 bits.
  public static func checksum(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// Writes the pages of a bucket; returns the root page.
  private mutating func write(_ entries: [(key: String, entry: Entry)]) -> UInt64 {
    var elements: [Element] = []
    for (key, entry) in entries.sorted(by: { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) })
    {
      switch entry {
      case .value(let value): elements.append(Element(key: Array(key.utf8), value: value))
      case .bucket(let entries):
        elements.append(Element(key: Array(key.utf8), value: bucket(entries), isBucket: true))
      }
    }
    var level = split(elements).map { chunk in
      Element(key: chunk.first?.key ?? [], child: append(flags: 2, chunk))
    }
    while level.count > 1 {
      level = split(level).map { chunk in Element(key: chunk[0].key, child: append(flags: 1, chunk)) }
    }
    return level[0].child
  }

  /// The value of a bucket: inline if it is small and has no buckets.
  private mutating func bucket(_ entries: [(key: String, entry: Entry)]) -> [UInt8] {
    var elements: [Element] = []
    for (key, entry) in entries {
      guard case .value(let value) = entry else { break }
      elements.append(Element(key: Array(key.utf8), value: value))
    }
    elements.sort { $0.key.lexicographicallyPrecedes($1.key) }
    let page = header(0, flags: 2, count: elements.count) + body(flags: 2, elements)
    guard elements.count == entries.count, page.count <= pageSize / 4 else {
      return little(write(entries)) + little(0 as UInt64)
    }
    return little(0 as UInt64) + little(0 as UInt64) + page
  }

  private struct Element {
    var key: [UInt8]
    var value: [UInt8] = []
    var child: UInt64 = 0
    var isBucket = false
    var length: Int { 16 + key.count + value.count }
  }

  /// The elements of each page; a page has at least two, even if they do not fit.
  private func split(_ elements: [Element]) -> [[Element]] {
    var result: [[Element]] = [[]]
    var length = 16
    for element in elements {
      if result[result.count - 1].count >= 2, length + element.length > pageSize {
        result.append([])
        length = 16
      }
      result[result.count - 1].append(element)
      length += element.length
    }
    return result
  }

  private mutating func append(flags: UInt16, _ elements: [Element]) -> UInt64 {
    let number = nextPage
    let body = body(flags: flags, elements)
    let overflow = (16 + body.count - 1) / pageSize
    pages += padded(header(number, flags: flags, count: elements.count, overflow: overflow) + body)
    return number
  }

  private func header(_ number: UInt64, flags: UInt16, count: Int, overflow: Int = 0) -> [UInt8] {
    little(number) + little(flags) + little(UInt16(count)) + little(UInt32(overflow))
  }

  private func body(flags: UInt16, _ elements: [Element]) -> [UInt8] {
    var fixed: [UInt8] = []
    var data: [UInt8] = []
    for (index, element) in elements.enumerated() {
      let position = little(UInt32(16 * (elements.count - index) + data.count))
      let keyLength = little(UInt32(element.key.count))
      fixed +=
        flags == 2
        ? little(element.isBucket ? 1 : 0 as UInt32) + position + keyLength
          + little(UInt32(element.value.count))
        : position + keyLength + little(element.child)
      data += element.key + element.value
    }
    return fixed + data
  }

  private func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (pageSize - bytes.count % pageSize) % pageSize)
  }
}

private func little(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
