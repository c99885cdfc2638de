import Diagnostics
import POSIX

/// An unnamed file that holds one compressed layer before it goes to a stream.
///
/// It is in TMPDIR, else in /var/tmp, which is for large files.
public final class Spool {
  private let file: NewFile
  private let directory: Path

  /// Creates the file.
  public init() throws(Failure) {
    directory = .temporaryFiles
    do {
      file = try NewFile.nameless(in: directory)
    } catch {
      throw Failure(.inputOutput, directory.description, "cannot spool a compressed layer: \(error.reason)")
    }
  }

  /// Appends bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    do {
      try file.write(bytes)
    } catch {
      throw Failure(.inputOutput, directory.description, error.reason)
    }
  }

  /// Passes the first `size` bytes to a sink, in pieces.
  public func read(_ size: UInt64, into sink: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure)
  {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 512 << 10, alignment: 4096)
    defer { buffer.deallocate() }
    var offset: UInt64 = 0
    while offset < size {
      let wanted = UnsafeMutableRawBufferPointer(
        rebasing: buffer[..<Int(min(UInt64(buffer.count), size - offset))])
      let count: Int
      do {
        count = try file.read(into: wanted, at: offset)
      } catch {
        throw Failure(.inputOutput, directory.description, error.reason)
      }
      guard count == wanted.count else {
        throw Failure(.inputOutput, directory.description, "spooled layer is truncated")
      }
      try sink(UnsafeRawBufferPointer(wanted))
      offset += UInt64(count)
    }
  }
}
