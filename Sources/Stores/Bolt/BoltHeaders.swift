import Diagnostics

/// Both meta records of a file as they were at one time.
struct BoltHeaders: Equatable {
  /// The bytes that were read, and where: the proof that no transaction ended meanwhile.
  private var parts: [Part] = []
  /// The meta record of the last transaction; nil if none is valid.
  private(set) var meta: BoltMeta?

  private struct Part: Equatable {
    let offset: Int
    let bytes: [UInt8]
  }

  /// Reads the records.
  ///
  /// The second one is in the page after the first. If the first is damaged, the size of pages is not known, so all
  /// possible ones are tried.
  init(of file: any BoltFile) throws(Failure) {
    try read(file, 0)
    if let first = meta {
      try read(file, first.pageSize)
      return
    }
    for size in BoltMeta.pageSizes {
      try read(file, size)
      if meta != nil { return }
    }
  }

  private mutating func read(_ file: any BoltFile, _ offset: Int) throws(Failure) {
    let part = Part(offset: offset, bytes: try file.bytes(at: UInt64(offset), count: BoltMeta.recordLength))
    parts.append(part)
    guard let found = BoltMeta(part.bytes), offset == 0 || found.pageSize == offset else { return }
    if let meta, meta.transaction >= found.transaction { return }
    meta = found
  }

  /// Why no record is valid.
  var reason: String {
    let start = parts.first?.bytes ?? []
    if BoltMeta.isSwapped(start) {
      return "written on a machine with another byte order, which is not supported"
    }
    return start.count < BoltMeta.recordLength
      ? "not a bolt database: too short" : "not a bolt database, or damaged"
  }
}
