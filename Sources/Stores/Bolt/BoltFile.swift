import Diagnostics
import POSIX

/// The file of a database; tests let it change between two reads.
protocol BoltFile {
  /// Reads from an offset until the buffer is full or the file ends; returns the number of bytes read.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Failure) -> Int
}

extension BoltFile {
  /// Some bytes from an offset; fewer at the end of the file.
  func bytes(at offset: UInt64, count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let found = try bytes.withMutableBytes { buffer throws(Failure) in try read(into: buffer, at: offset) }
    bytes.removeLast(count - found)
    return bytes
  }
}

/// A database on disk, opened without its lock: a writer that holds the lock is not disturbed.
final class DiskFile: BoltFile {
  private let file: FileDescriptor
  private let name: String

  /// Opens a regular file.
  init(_ path: Path) throws(Failure) {
    name = path.description
    do {
      file = try FileDescriptor.openRegular(path)
    } catch {
      throw error.failure
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Failure) -> Int {
    do {
      return try file.read(into: buffer, at: offset, name)
    } catch {
      throw error.failure
    }
  }
}
