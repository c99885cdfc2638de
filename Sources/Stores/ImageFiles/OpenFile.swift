import Compression
import Diagnostics
import Glibc
import POSIX

/// An open file that several readers use.
final class OpenFile: Sendable {
  fileprivate let file: FileDescriptor

  init(_ file: consuming FileDescriptor) {
    self.file = file
  }

  /// Fills a buffer from an offset; returns whether it waited for the disk.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64, _ name: String
  ) throws(Failure) -> Bool {
    var waited = false
    let count: Int
    do {
      count = try file.read(into: buffer, at: offset, waited: &waited, name)
    } catch {
      throw error.failure
    }
    guard count == buffer.count else { throw Failure(.badData, name, "shorter than it was") }
    return waited
  }
}

extension OpenFile {
  /// The status of the file.
  func status(_ name: String) throws(Failure) -> FileStatus {
    do {
      return try file.status(name)
    } catch {
      throw error.failure
    }
  }

  /// Whether the file is a terminal.
  var isTerminal: Bool { file.isTerminal }

  /// Whether nothing was read from the current position of the file.
  var isAtStart: Bool { lseek(file.number, 0, SEEK_CUR) == 0 }

  /// Reads the next bytes from the current position: at least one, 0 at the end.
  func readSome(into buffer: UnsafeMutableRawBufferPointer, _ name: String) throws(Failure) -> Int {
    do {
      return try file.readSome(into: buffer, name)
    } catch {
      throw error.failure
    }
  }
}

/// A pipe as a source of bytes.
final class OpenFileStream: ByteSource {
  let name: String
  private let file: OpenFile

  init(_ file: OpenFile, name: String) {
    self.file = file
    self.name = name
  }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    try file.readSome(into: buffer, name)
  }
}

/// An open file as a source of bytes from its start; passes over bytes without reading them.
final class OpenFileBytes: SkippableByteSource {
  let name: String
  private let file: OpenFile
  private var position: UInt64 = 0
  private let size: UInt64

  init(_ file: OpenFile, size: UInt64, name: String) {
    self.file = file
    self.size = size
    self.name = name
  }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    let count = Int(min(UInt64(buffer.count), remaining))
    let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
    if count > 0 { _ = try file.read(into: part, at: position, name) }
    position += UInt64(count)
    return count
  }

  /// The number of bytes from the current position.
  var remaining: UInt64 { size - position }

  func skip(_ count: UInt64) -> UInt64 {
    let skipped = min(count, remaining)
    position += skipped
    return skipped
  }
}
