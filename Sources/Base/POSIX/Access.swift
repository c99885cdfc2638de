import Glibc

extension Path {
  /// Fails if no file could be made in the directory.
  public func checkWritable() throws(SystemError) {
    try check(W_OK | X_OK)
    if try FileStatus.of(self).kind != .directory { throw SystemError("access", description, code: ENOTDIR) }
  }

  /// Fails if the file may not be written to.
  public func checkFileWritable() throws(SystemError) {
    try check(W_OK)
  }

  private func check(_ permissions: CInt) throws(SystemError) {
    _ = try retrying("access", description) {
      withCString { Int(faccessat(AT_FDCWD, $0, permissions, AT_EACCESS)) }
    }
  }
}
