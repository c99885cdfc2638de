import Glibc

extension Path {
  /// The bytes that a user other than root can still write to the path's file system; statvfs(3).
  ///
  /// Nil if the file system has no blocks, such as proc.
  public func freeSpace() throws(SystemError) -> UInt64? {
    var status = statvfs()
    _ = try retrying("statvfs", description) { withCString { Int(statvfs($0, &status)) } }
    if status.f_blocks == 0 { return nil }
    let (size, isTooLarge) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return isTooLarge ? .max : size
  }
}
