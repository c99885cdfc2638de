import Compression
import Diagnostics
import ImageSource
import POSIX
import Tar

/// Reads the files of a directory, and collects what the checks need.
struct DirectoryInspection {
  /// The levels of folders: `blobs/sha256/HEX`.
  private static let depth = 3
  /// Files from this size are read ahead.
  private static let threadSize: UInt64 = 1 << 20

  /// The files of the directory.
  private(set) var inventory = Inventory()
  /// The faults of the files themselves.
  private(set) var findings = Findings()
  /// The number of bytes of all files.
  private(set) var size: UInt64 = 0
  private let contents: ContentInspection
  private let fileLimit: Int
  private var count = 0

  /// Reads all files of a directory, which may have at most `fileLimit` of them, folders included.
  ///
  /// - Throws: A ``Diagnostics/Failure`` if a file cannot be read.
  init(_ path: Path, _ options: Verification.Options, fileLimit: Int = 100_000) throws(Failure) {
    self.fileLimit = fileLimit
    contents = ContentInspection(isDeep: options.isDeep, usesThreads: options.usesThreads)
    try read(path, "", depth: DirectoryInspection.depth)
  }

  private mutating func read(_ folder: Path, _ prefix: Path, depth: Int) throws(Failure) {
    let names = try converting(\SystemError.failure) { () throws(SystemError) in try folder.directoryEntries() }
    for name in names {
      count += 1
      guard count <= fileLimit else {
        if count == fileLimit + 1 {
          findings.add(Fault(.layout, "more than \(fileLimit) files"))
        }
        return
      }
      try read(folder.appending(name), as: prefix.appending(name), depth: depth)
    }
  }

  private mutating func read(_ path: Path, as name: Path, depth: Int) throws(Failure) {
    guard let status = try? FileStatus.of(path) else {
      return add(FileFacts(name: name.bytes, kind: .symbolicLink))
    }
    switch status.kind {
    case .directory: if depth > 1 { try read(path, name, depth: depth - 1) }
    case .regular:
      let file = try converting(\FileReadError.failure) { () throws(FileReadError) in try FileBytes.open(path) }
      let source: any ByteSource =
        status.size < DirectoryInspection.threadSize ? file : contents.readingAhead(file)
      let facts = try contents.facts(of: source, name: name.bytes, size: status.size, findings: &findings)
      size += facts.size
      add(facts)
    default: add(FileFacts(name: name.bytes, kind: .other(0)))
    }
  }

  private mutating func add(_ file: FileFacts) {
    _ = inventory.add(file)
  }
}
