import Glibc

extension Path {
  /// Fails if no file could be made in the directory.
  public func checkWritable() throws(SystemError) {
    _ = try retrying("access", description) {
      withCString { Int(faccessat(AT_FDCWD, $0, W_OK | X_OK, AT_EACCESS)) }
    }
    if try FileStatus.of(self).kind != .directory { throw SystemError("access", description, code: ENOTDIR) }
  }
}
