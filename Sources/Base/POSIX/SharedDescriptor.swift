import CLinux
import Glibc

/// An open file lent to several threads, which must finish before its owner closes it.
public struct SharedDescriptor: Sendable {
  private let number: CInt

  init(_ number: CInt) {
    self.number = number
  }

  /// Reserves disk space for a part of the file, if the file system supports it.
  public func reserve(_ part: Range<UInt64>, _ subject: String) throws(SystemError) {
    guard !part.isEmpty, part.upperBound <= UInt64(Int64.max),
      img_allocate(number, Int64(part.lowerBound), Int64(part.upperBound - part.lowerBound)) != 0
    else { return }
    let code = errno
    if [ENOSPC, EDQUOT, EFBIG].contains(code) { throw SystemError("fallocate", subject, code: code) }
  }

  /// Makes the file empty.
  public func truncate(_ subject: String) throws(SystemError) {
    _ = try retrying("ftruncate", subject) { Int(ftruncate(number, 0)) }
  }

  /// Reads from an offset until the buffer is full or the file ends; returns the number of bytes read.
  public func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64, _ subject: String
  ) throws(SystemError) -> Int {
    try readAll(number, buffer, at: offset, subject)
  }

  /// Writes all bytes of a buffer at an offset.
  public func write(
    _ buffer: UnsafeRawBufferPointer, at offset: UInt64, _ subject: String
  ) throws(SystemError) {
    guard let base = buffer.baseAddress else { return }
    var written = 0
    while written < buffer.count {
      written += try retrying("pwrite", subject) {
        pwrite(number, base + written, buffer.count - written, off_t(offset) + written)
      }
    }
  }
}

extension FileDescriptor {
  /// The file for other threads to use; this descriptor must outlive it.
  public var shared: SharedDescriptor { SharedDescriptor(number) }
}

/// Reads from an offset until the buffer is full or the file ends.
func readAll(
  _ descriptor: CInt, _ buffer: UnsafeMutableRawBufferPointer, at offset: UInt64,
  _ subject: @autoclosure () -> String
) throws(SystemError) -> Int {
  guard let base = buffer.baseAddress else { return 0 }
  var filled = 0
  while filled < buffer.count {
    let count = try retrying("pread", subject()) {
      pread(descriptor, base + filled, buffer.count - filled, off_t(offset) + filled)
    }
    if count == 0 { break }
    filled += count
  }
  return filled
}
