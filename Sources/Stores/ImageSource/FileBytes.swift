import Compression
import Diagnostics
import Glibc
import POSIX

/// A regular file as a source of bytes, from its start.
public final class FileBytes: SkippableByteSource {
  private let file: FileDescriptor
  /// The path of the file.
  public let name: String

  /// Reads an open file from its current position.
  public init(_ file: consuming FileDescriptor, path: Path) {
    self.file = file
    name = path.description
  }

  /// Opens a regular file; never blocks on a FIFO or a device.
  public static func open(_ path: Path) throws(FileReadError) -> FileBytes {
    FileBytes(try FileDescriptor.openRegular(path), path: path)
  }

  /// Reads available bytes of the file.
  public func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    do {
      return try file.readSome(into: buffer, name)
    } catch {
      throw error.failure
    }
  }

  /// Moves the position of the file, at most to its end.
  public func skip(_ count: UInt64) throws(Failure) -> UInt64 {
    do {
      return try file.skip(count, name)
    } catch {
      throw error.failure
    }
  }

  /// The first bytes of the file, whatever the current position.
  public func start(_ count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    do {
      let found = try bytes.withMutableBytes { buffer throws(SystemError) in
        try file.read(into: buffer, at: 0, name)
      }
      return Array(bytes[..<found])
    } catch {
      throw error.failure
    }
  }
}
