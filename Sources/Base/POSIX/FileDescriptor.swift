import CLinux
import Glibc

/// An open file, closed when its owner releases it.
public struct FileDescriptor: ~Copyable, Sendable {
  /// The descriptor's number.
  public let number: CInt

  /// Takes ownership of an open descriptor.
  public init(owning number: CInt) {
    self.number = number
  }

  deinit {
    _ = Glibc.close(number)
  }

  /// Closes the file and reports errors of earlier writes.
  public consuming func close(_ subject: String) throws(SystemError) {
    let number = self.number
    discard self
    // On Linux, the descriptor is closed even after EINTR: a second close could hit another file.
    if Glibc.close(number) != 0, errno != EINTR { throw SystemError("close", subject) }
  }

  /// Opens a file; `O_CLOEXEC` is always set.
  public static func open(_ path: Path, _ flags: CInt, mode: mode_t = 0) throws(SystemError) -> FileDescriptor {
    try FileDescriptor(
      owning: CInt(
        retrying("open", path.description) {
          path.withCString { Int(Glibc.open($0, flags | O_CLOEXEC, mode)) }
        }))
  }

  /// Opens a file relative to this directory.
  public borrowing func open(
    at path: Path, _ flags: CInt, mode: mode_t = 0
  ) throws(SystemError) -> FileDescriptor {
    let directory = number
    return try FileDescriptor(
      owning: CInt(
        retrying("openat", path.description) {
          path.withCString { Int(Glibc.openat(directory, $0, flags | O_CLOEXEC, mode)) }
        }))
  }
}

extension FileDescriptor {
  /// Reads into a buffer until it is full or the file ends; returns the number of bytes read.
  public borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer, _ subject: @autoclosure () -> String
  ) throws(SystemError) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    let descriptor = number
    var filled = 0
    while filled < buffer.count {
      let count = try retrying("read", subject()) {
        Glibc.read(descriptor, base + filled, buffer.count - filled)
      }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Reads the bytes that are ready, at most a buffer full; 0 at the end of the file.
  public borrowing func readSome(
    into buffer: UnsafeMutableRawBufferPointer, _ subject: @autoclosure () -> String
  ) throws(SystemError) -> Int {
    let descriptor = number
    return try retrying("read", subject()) { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
  }

  /// Writes all bytes of a buffer.
  public borrowing func write(_ buffer: UnsafeRawBufferPointer, _ subject: String) throws(SystemError) {
    guard let base = buffer.baseAddress else { return }
    let descriptor = number
    var written = 0
    while written < buffer.count {
      written += try retrying("write", subject) {
        Glibc.write(descriptor, base + written, buffer.count - written)
      }
    }
  }

  /// Reads from an offset until the buffer is full or the file ends; returns the number of bytes read.
  public borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64, _ subject: @autoclosure () -> String
  ) throws(SystemError) -> Int {
    try readAll(number, buffer, at: offset, subject())
  }

  /// Reads like ``read(into:at:_:)`` and sets `waited` if some bytes came from the disk.
  ///
  /// Leaves `waited` alone if the kernel does not report that.
  public borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64, waited: inout Bool,
    _ subject: @autoclosure () -> String
  ) throws(SystemError) -> Int {
    let cached = img_pread_cached(number, buffer.baseAddress, buffer.count, Int64(offset))
    let mayWait = cached >= 0 || errno == EAGAIN
    let filled = Swift.max(cached, 0)
    if filled == buffer.count { return filled }
    let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
    let count = try read(into: rest, at: offset + UInt64(filled), subject())
    if mayWait, count > 0 { waited = true }
    return filled + count
  }

  /// Flushes the file to its disk.
  public borrowing func synchronize(_ subject: String) throws(SystemError) {
    let descriptor = number
    _ = try retrying("fsync", subject) { Int(fsync(descriptor)) }
  }

  /// Sets the size of the file.
  public borrowing func truncate(to size: UInt64, _ subject: String) throws(SystemError) {
    let descriptor = number
    _ = try retrying("ftruncate", subject) { Int(ftruncate(descriptor, off_t(size))) }
  }

  /// Reports errors of earlier writes, as closing the file would, and keeps it open.
  public borrowing func reportWrites(_ subject: String) throws(SystemError) {
    let descriptor = number
    let other = try retrying("dup", subject) { Int(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)) }
    try FileDescriptor(owning: CInt(other)).close(subject)
  }

  /// Takes a shared lock on the whole file that excludes writers, of this or another process.
  ///
  /// The lock belongs to the open file description (OFD): closing another descriptor of the file does not drop
  /// it.
  ///
  /// - Returns: Whether it was taken; false while a writer holds the file.
  public borrowing func lockShared(_ subject: String) throws(SystemError) -> Bool {
    let descriptor = number
    do {
      _ = try retrying("fcntl", subject) { Int(img_lock_shared(descriptor)) }
      return true
    } catch  where error.code == EAGAIN || error.code == EACCES {
      return false
    }
  }
}
