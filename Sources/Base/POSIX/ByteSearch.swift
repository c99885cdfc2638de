import Glibc

extension UnsafeRawBufferPointer {
  /// Whether the bytes occur in these as one run; true for no bytes.
  public func contains(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let wanted = bytes.baseAddress, let first = bytes.first else { return true }
    guard let base = baseAddress else { return false }
    var position = 0
    while count - position >= bytes.count {
      let starts = count - position - bytes.count + 1
      guard let found = memchr(base + position, CInt(first), starts) else { return false }
      if memcmp(found, wanted, bytes.count) == 0 { return true }
      position = UnsafeRawPointer(found) - base + 1
    }
    return false
  }
}
