/// A page of a tree with its elements, all of which are checked.
///
/// Source: bbolt internal/common/page.go, inode.go.
struct BoltPage {
  /// The length of the header, and of the fixed part of an element, in bytes.
  private static let headerLength = 16

  /// Why a page is refused.
  struct Damage: Error {
    let reason: String
  }

  private let bytes: ArraySlice<UInt8>
  /// Whether the elements are entries, not references to other pages.
  let isLeaf: Bool
  /// The number of elements.
  let count: Int

  /// Reads a page with the pages that belong to it, `overflow` pages of `pageSize` bytes.
  ///
  /// Refuses a wrong number, elements outside the page or of others, and keys that are not in order. So the sum of all
  /// elements is never longer than the page.
  init(_ bytes: ArraySlice<UInt8>, number: UInt64) throws(Damage) {
    guard bytes.count >= BoltPage.headerLength else { throw Damage(reason: "truncated") }
    let ownNumber: UInt64 = bytes.integer(at: 0)
    guard ownNumber == number else { throw Damage(reason: "has the number \(ownNumber)") }
    let flags: UInt16 = bytes.integer(at: 8)
    guard flags == 1 || flags == 2 else { throw Damage(reason: "not a branch or a leaf") }
    self.bytes = bytes
    isLeaf = flags == 2
    count = Int(bytes.integer(at: 10) as UInt16)
    try check()
  }

  /// The number of pages after the first one that belong to a page.
  static func overflow(_ header: ArraySlice<UInt8>) -> UInt32 {
    header.count >= headerLength ? header.integer(at: 12) : 0
  }

  private func check() throws(Damage) {
    var free = BoltPage.headerLength * (count + 1)
    guard free <= bytes.count else { throw Damage(reason: "\(count) elements do not fit") }
    if !isLeaf, count == 0 { throw Damage(reason: "a branch without elements") }
    for index in 0..<count {
      let (key, end) = extent(of: index)
      guard key.lowerBound >= free, end <= bytes.count else {
        throw Damage(reason: "element \(index) is outside the page or overlaps another")
      }
      free = end
      if isLeaf, fixed(index, 0) > 1 { throw Damage(reason: "element \(index) has unknown flags") }
      if index > 0, !self.key(index - 1).lexicographicallyPrecedes(self.key(index)) {
        throw Damage(reason: "the keys are not in order")
      }
    }
  }

  /// A number in the fixed part of an element.
  private func fixed(_ index: Int, _ offset: Int) -> UInt32 {
    bytes.integer(at: BoltPage.headerLength * (index + 1) + offset)
  }

  /// The range of the key and the end of the element, as offsets in the page; not checked.
  private func extent(of index: Int) -> (key: Range<Int>, end: Int) {
    let position = isLeaf ? 4 : 0
    let start = BoltPage.headerLength * (index + 1) + Int(fixed(index, position))
    let keyEnd = start + Int(fixed(index, position + 4))
    return (start..<keyEnd, isLeaf ? keyEnd + Int(fixed(index, 12)) : keyEnd)
  }

  /// The key of an element.
  func key(_ index: Int) -> ArraySlice<UInt8> {
    let key = extent(of: index).key
    return bytes[(bytes.startIndex + key.lowerBound)..<(bytes.startIndex + key.upperBound)]
  }

  /// The value of an element of a leaf.
  func value(_ index: Int) -> ArraySlice<UInt8> {
    let (key, end) = extent(of: index)
    return bytes[(bytes.startIndex + key.upperBound)..<(bytes.startIndex + end)]
  }

  /// Whether the value of an element of a leaf is a bucket.
  func isBucket(_ index: Int) -> Bool { fixed(index, 0) & 1 != 0 }

  /// The page that an element of a branch leads to.
  func child(_ index: Int) -> UInt64 { bytes.integer(at: BoltPage.headerLength * (index + 1) + 8) }

  /// The index of the last element whose key is not greater than another; nil if there is none.
  func lastIndex(notAfter wanted: some Sequence<UInt8>) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if wanted.lexicographicallyPrecedes(key(middle)) { high = middle } else { low = middle + 1 }
    }
    return low > 0 ? low - 1 : nil
  }

  /// Whether all keys are at least `first` and less than `last`, if these are given.
  func holdsKeys(from first: ArraySlice<UInt8>?, to last: ArraySlice<UInt8>?) -> Bool {
    guard count > 0 else { return true }
    if let first, key(0).lexicographicallyPrecedes(first) { return false }
    if let last, !key(count - 1).lexicographicallyPrecedes(last) { return false }
    return true
  }
}
