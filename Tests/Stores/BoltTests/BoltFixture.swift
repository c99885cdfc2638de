import Diagnostics
import POSIX
import StoreFixtures

@testable import Bolt

/// A file in memory; calls a closure before each read, which may change it.
final class MemoryFile: BoltFile {
  var bytes: [UInt8]
  var reads = 0
  var beforeRead: (MemoryFile) -> Void = { _ in }

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Failure) -> Int {
    reads += 1
    beforeRead(self)
    guard offset < UInt64(bytes.count) else { return 0 }
    let part = bytes[Int(offset)...].prefix(buffer.count)
    buffer.copyBytes(from: part)
    return part.count
  }
}

extension BoltDatabase {
  /// Opens a database in memory.
  convenience init(_ bytes: [UInt8], copyLimit: UInt64 = BoltDatabase.copyLimit) throws(Failure) {
    try self.init(MemoryFile(bytes), name: "meta.db", patience: 20_000_000, copyLimit: copyLimit)
  }
}

extension BoltBucket {
  /// All entries as lines, `path = value`; no more than ten thousand, because damaged buckets can share pages.
  func lines() throws(Failure) -> [String] {
    var lines: [String] = []
    try append(to: &lines, "")
    return lines
  }

  private func append(to lines: inout [String], _ path: String) throws(Failure) {
    try visit { key, entry throws(Failure) in
      if lines.count > 10_000 { return }
      let name = path + "/" + String(decoding: key, as: UTF8.self)
      switch entry {
      case .value(let value):
        lines.append("\(name) = \(value.count): \(String(decoding: value.prefix(8), as: UTF8.self))")
      case .bucket(let bucket):
        lines.append(name)
        try bucket.append(to: &lines, name)
      }
    }
  }
}

/// A database with inline buckets, branches of two levels, and values longer than a page.
let sample: [(key: String, entry: BoltBuilder.Entry)] = [
  (
    "v1", .bucket([("version", .value([8])), ("inline", .bucket([("a", .value([0x31])), ("b", .value([]))]))])
  ),
  (
    "many",
    .bucket(
      (0..<150).map { index in
        let name = "name-\(1000 + index * 2)-\(String(repeating: "x", count: 40))"
        return (name, .bucket([("digest", .value(Array("sha256:\(index)".utf8)))]))
      })
  ),
  ("long", .bucket([("value", .value([UInt8](repeating: 0x61, count: 3000))), ("z", .value([0x7A]))])),
  ("empty", .bucket([])),
]
