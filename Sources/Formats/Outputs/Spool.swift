import Diagnostics
import POSIX

/// A file without a name that holds one compressed layer on its way into a stream.
///
/// It is in TMPDIR, else in /var/tmp, which is meant for large files.
public final class Spool {
  private let file: NewFile
  private let directory: Path

  /// Makes the file.
  public init() throws(Failure) {
    directory = Path(Environment.value("TMPDIR") ?? "/var/tmp")
    do {
      file = try NewFile.nameless(in: directory)
    } catch {
      throw Failure(.inputOutput, directory.description, "cannot spool a compressed layer: \(error.reason)")
    }
  }

  /// Writes at the end.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    do {
      try file.write(bytes)
    } catch {
      throw Failure(.inputOutput, directory.description, error.reason)
    }
  }

  /// Hands out the first `size` bytes in pieces.
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
