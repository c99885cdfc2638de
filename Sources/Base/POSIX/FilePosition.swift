import Glibc

extension FileDescriptor {
  /// Moves the position forward, at most to the end of the file; returns the number of bytes passed over.
  public borrowing func skip(_ count: UInt64, _ subject: String) throws(SystemError) -> UInt64 {
    let descriptor = number
    let position = try retrying("lseek", subject) { Int(lseek(descriptor, 0, SEEK_CUR)) }
    let size = try status(subject).size
    let rest = size > UInt64(position) ? size - UInt64(position) : 0
    let skipped = Swift.min(count, rest)
    _ = try retrying("lseek", subject) { Int(lseek(descriptor, off_t(skipped), SEEK_CUR)) }
    return skipped
  }
}
