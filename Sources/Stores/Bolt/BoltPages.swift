import Diagnostics

/// The pages of a database as of one transaction.
protocol BoltPages {
  /// The file, for messages.
  var name: String { get }
  /// The meta record of the transaction.
  var meta: BoltMeta { get }

  /// The bytes of some consecutive pages; fewer at the end of the file.
  func bytes(from first: UInt64, count: UInt64) throws(Failure) -> ArraySlice<UInt8>
}

extension BoltPages {
  /// Reads a page with the pages that belong to it.
  func page(_ number: UInt64) throws(Failure) -> BoltPage {
    guard number >= 2, number < meta.end else { throw damaged("page \(number): no such page") }
    let header = try bytes(from: number, count: 1)
    let count = UInt64(BoltPage.overflow(header)) + 1
    guard count <= meta.end - number else { throw damaged("page \(number): longer than the database") }
    let bytes = count == 1 ? header : try bytes(from: number, count: count)
    guard UInt64(bytes.count) == count * UInt64(meta.pageSize) else {
      throw damaged("page \(number): the file is truncated")
    }
    do {
      return try BoltPage(bytes, number: number)
    } catch {
      throw damaged("page \(number): \(error.reason)")
    }
  }

  /// The failure of a damaged database.
  func damaged(_ reason: String) -> Failure { Failure(.badData, name, reason) }
}

/// The pages of a database that was read as a whole.
struct CopiedPages: BoltPages {
  let name: String
  let meta: BoltMeta
  /// The file up to the high-water mark.
  let copy: [UInt8]

  func bytes(from first: UInt64, count: UInt64) throws(Failure) -> ArraySlice<UInt8> {
    // The caller checked both against the high-water mark, whose offset is a valid number.
    let start = min(UInt64(copy.count), first * UInt64(meta.pageSize))
    let end = min(UInt64(copy.count), (first + count) * UInt64(meta.pageSize))
    return copy[Int(start)..<Int(end)]
  }
}

/// The pages of a database that is too large to be read as a whole.
struct FilePages: BoltPages {
  let name: String
  let meta: BoltMeta
  let file: any BoltFile

  /// The longest page that is read, in bytes; the limit of keys and values in containerd is far less.
  private static let limit: UInt64 = 64 << 20

  func bytes(from first: UInt64, count: UInt64) throws(Failure) -> ArraySlice<UInt8> {
    let length = count * UInt64(meta.pageSize)
    guard length <= FilePages.limit else { throw damaged("page \(first): too long") }
    return try file.bytes(at: first * UInt64(meta.pageSize), count: Int(length))[...]
  }
}
