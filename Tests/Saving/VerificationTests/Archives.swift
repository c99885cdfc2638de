import Compression
import Diagnostics
import Digests
import Foundation
import StoreFixtures
import Tar
import Verification

/// Archives of tiny images: good ones, and ones with a fault each.
enum Archives {
  /// All archives by their names, such as `faults/docker-good`.
  static var all: [String: [UInt8]] { get throws { try unpacked.get() } }

  private static let unpacked = Result {
    let url = Bundle.module.bundleURL.appending(path: "Fixtures/archives.tar.gz")
    let bytes = Array(try Data(contentsOf: url))
    let files = try members(of: Inflater(MemoryBytes(bytes, name: "archive.tar")))
    return Dictionary(uniqueKeysWithValues: files.map { (String($0.name.dropLast(4)), $0.bytes) })
  }

  /// An archive; empty for an unknown name.
  static func archive(_ name: String) -> [UInt8] { (try? all[name]) ?? [] }

  /// The files of an archive.
  static func files(_ name: String) throws -> [(name: String, bytes: [UInt8])] {
    try members(of: MemoryBytes(archive(name), name: "archive.tar"))
  }

  /// An archive of files.
  static func tar(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var result: [UInt8] = []
    for file in files {
      let header = TarHeader(name: file.name, kind: .file(size: UInt64(file.bytes.count)), mode: 0o644)
      result += header.bytes + file.bytes + [UInt8](repeating: 0, count: header.padding)
    }
    return result + [UInt8](repeating: 0, count: 1024)
  }

  private static func members(of source: any ByteSource) throws -> [(name: String, bytes: [UInt8])] {
    let reader = TarReader(source)
    var result: [(String, [UInt8])] = []
    while let member = try reader.next() {
      if member.kind != .file { continue }
      var bytes = [UInt8](repeating: 0, count: Int(member.size))
      _ = try bytes.withMutableBytes { buffer throws(Failure) in try reader.read(into: buffer) }
      result.append((String(decoding: member.name, as: UTF8.self), bytes))
    }
    return result
  }
}

/// Verifies an archive in memory.
func verify(_ bytes: [UInt8], _ change: (inout Verification.Options) -> Void = { _ in }) throws -> Verification
{
  var options = Verification.Options()
  change(&options)
  return try Verification(archive: MemoryBytes(bytes, name: "archive.tar"), options)
}

extension Verification {
  /// The codes of all faults, sorted.
  var codes: [String] { Set(findings.faults.map(\.code.rawValue)).sorted() }
  /// The codes of all remarks, sorted.
  var noteCodes: [String] { Set(findings.notes.map(\.code.rawValue)).sorted() }
}
