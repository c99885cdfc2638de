import Diagnostics
import Glibc
import POSIX

/// A database of bbolt, read without its lock while others may write it.
///
/// A reader that opens a database with bbolt waits for its lock, which a daemon holds as long as it runs. This one
/// reads both meta records, then the pages, then the meta records again. If they are unchanged, all pages are those
/// of one transaction, N: a page of N is overwritten only after a transaction freed it and a later one began, that
/// is by N+2 at the earliest, and N+1 writes its meta record before that. If they changed, it reads again.
/// The proof needs the page cache of one machine: it does not hold for a network file system.
/// Source: bbolt tx.go, db.go, internal/freelist/shared.go.
public final class BoltDatabase {
  private let file: any BoltFile
  private let name: String
  private let patience: UInt64
  /// The whole file; nil if it is too large for that.
  private let copy: CopiedPages?
  private let headers: BoltHeaders

  /// The longest file that is read as a whole, in bytes; two readings fit into the memory that a tool may use.
  static let copyLimit: UInt64 = 12 << 20

  /// Opens a database and, unless it is large, reads all of it.
  ///
  /// - Throws: A ``Diagnostics/Failure``; of the kind `tryAgain` if writers leave no time to read it, for ten seconds.
  public convenience init(_ path: Path) throws(Failure) {
    try self.init(DiskFile(path), name: path.description)
  }

  /// Reads from any file; `patience` is in nanoseconds.
  init(
    _ file: any BoltFile, name: String, patience: UInt64 = 10_000_000_000, copyLimit: UInt64 = copyLimit
  ) throws(Failure) {
    self.file = file
    self.name = name
    self.patience = patience
    (headers, copy) = try BoltDatabase.settled(file, name, patience) { meta throws(Failure) in
      guard meta.length <= copyLimit else { return nil }
      return CopiedPages(name: name, meta: meta, copy: try file.bytes(at: 0, count: Int(meta.length)))
    }
  }

  /// Calls a closure with the root bucket; of a large database, again until no transaction ended meanwhile.
  ///
  /// - Throws: What the closure throws, and a ``Diagnostics/Failure`` of the kind `badData` for a damaged database,
  ///   of the kind `tryAgain` if writers leave no time to read it.
  public func read<Value>(_ body: (BoltBucket) throws(Failure) -> Value) throws(Failure) -> Value {
    if let copy { return try body(BoltBucket(rootOf: copy)) }
    return try BoltDatabase.settled(file, name, patience) { meta throws(Failure) in
      try body(BoltBucket(rootOf: FilePages(name: name, meta: meta, file: file)))
    }.value
  }

  /// Whether no transaction ended since this was read; `path` may have another file by now.
  public func isUnchanged(at path: Path) throws(Failure) -> Bool {
    try isUnchanged(in: DiskFile(path))
  }

  /// Whether a file has the same meta records.
  func isUnchanged(in file: any BoltFile) throws(Failure) -> Bool { try BoltHeaders(of: file) == headers }

  /// Reads until the meta records are the same before and after.
  ///
  /// Failures count only then: pages that were overwritten look damaged.
  private static func settled<Value>(
    _ file: any BoltFile, _ name: String, _ patience: UInt64, _ body: (BoltMeta) throws(Failure) -> Value
  ) throws(Failure) -> (headers: BoltHeaders, value: Value) {
    let start = monotonicTime()
    while true {
      let headers = try BoltHeaders(of: file)
      let result = Result { () throws(Failure) in
        guard let meta = headers.meta else { throw Failure(.badData, name, headers.reason) }
        return try body(meta)
      }
      if try BoltHeaders(of: file) == headers { return (headers, try result.get()) }
      guard monotonicTime() - start < patience else {
        throw Failure(.tryAgain, name, "changed all the time while it was read")
      }
      usleep(1000)
    }
  }
}
