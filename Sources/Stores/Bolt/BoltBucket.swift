import Diagnostics

/// A bucket: keys with values or further buckets, in the order of the bytes of the keys.
///
/// Source: bbolt bucket.go, cursor.go, internal/common/bucket.go.
public struct BoltBucket {
  /// What a key has.
  public enum Entry {
    /// A text or a number.
    case value(ArraySlice<UInt8>)
    /// Another bucket.
    case bucket(BoltBucket)
  }

  private enum Root {
    case page(UInt64)
    /// A small bucket, whose only page is in the value.
    case inline(BoltPage)
  }

  private let pages: any BoltPages
  private let root: Root
  /// The root pages of the buckets that this one is in.
  private let outer: [UInt64]

  /// The most levels of a tree.
  private static let depthLimit = 64

  /// The bucket that holds all others.
  init(rootOf pages: any BoltPages) {
    self.pages = pages
    root = .page(pages.meta.root)
    outer = []
  }

  /// The bucket in a value of another one; refuses one that contains itself.
  private init(_ value: ArraySlice<UInt8>, in bucket: BoltBucket) throws(Failure) {
    let pages = bucket.pages
    guard value.count >= 16 else { throw pages.damaged("a bucket of \(value.count) bytes") }
    self.pages = pages
    var outer = bucket.outer
    if case .page(let page) = bucket.root { outer.append(page) }
    self.outer = outer
    let number: UInt64 = value.integer(at: 0)
    if number != 0 {
      guard !outer.contains(number) else { throw pages.damaged("page \(number): a bucket in itself") }
      root = .page(number)
    } else {
      do {
        root = .inline(try BoltPage(value.dropFirst(16), number: 0))
      } catch {
        throw pages.damaged("a bucket: \(error.reason)")
      }
    }
  }

  /// The entry of a key; nil if there is none.
  public func entry(_ key: some Sequence<UInt8>) throws(Failure) -> Entry? {
    let key = Array(key)
    var page = try rootPage()
    var path: [UInt64] = []
    while !page.isLeaf {
      guard let index = page.lastIndex(notAfter: key) else { return nil }
      page = try child(index, of: page, path: &path)
    }
    guard let index = page.lastIndex(notAfter: key), page.key(index).elementsEqual(key) else { return nil }
    return try entry(index, of: page)
  }

  /// The value of a key; nil if it has none.
  public func value(_ key: some StringProtocol) throws(Failure) -> ArraySlice<UInt8>? {
    guard case .value(let value) = try entry(key.utf8) else { return nil }
    return value
  }

  /// The bucket of a key; nil if it has none.
  public func bucket(_ key: some StringProtocol) throws(Failure) -> BoltBucket? {
    guard case .bucket(let bucket) = try entry(key.utf8) else { return nil }
    return bucket
  }

  /// Calls a closure with each key and its entry, in order.
  public func visit(_ body: (ArraySlice<UInt8>, Entry) throws(Failure) -> Void) throws(Failure) {
    var path: [UInt64] = []
    var seen: Set<UInt64> = []
    try visit(try rootPage(), &path, &seen, body)
  }

  private func visit(
    _ page: BoltPage, _ path: inout [UInt64], _ seen: inout Set<UInt64>,
    _ body: (ArraySlice<UInt8>, Entry) throws(Failure) -> Void
  ) throws(Failure) {
    for index in 0..<page.count {
      if page.isLeaf {
        try body(page.key(index), try entry(index, of: page))
      } else {
        // A page in two places, which no tree has, could make the walk as good as endless.
        guard seen.insert(page.child(index)).inserted else {
          throw pages.damaged("page \(page.child(index)): in the tree twice")
        }
        try visit(try child(index, of: page, path: &path), &path, &seen, body)
        path.removeLast()
      }
    }
  }

  private func rootPage() throws(Failure) -> BoltPage {
    switch root {
    case .inline(let page): page
    case .page(let number): try pages.page(number)
    }
  }

  /// Reads the page that an element of a branch leads to; `path` are the pages on the way.
  private func child(_ index: Int, of page: BoltPage, path: inout [UInt64]) throws(Failure) -> BoltPage {
    let number = page.child(index)
    guard path.count < BoltBucket.depthLimit, !path.contains(number) else {
      throw pages.damaged("page \(number): the tree is too deep")
    }
    path.append(number)
    let child = try pages.page(number)
    let next = index + 1 < page.count ? page.key(index + 1) : nil
    guard child.holdsKeys(from: page.key(index), to: next) else {
      throw pages.damaged("page \(number): keys that belong to another page")
    }
    return child
  }

  private func entry(_ index: Int, of page: BoltPage) throws(Failure) -> Entry {
    let value = page.value(index)
    return page.isBucket(index) ? .bucket(try BoltBucket(value, in: self)) : .value(value)
  }
}
