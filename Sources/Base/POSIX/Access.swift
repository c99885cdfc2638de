import Glibc

extension Path {
  /// Fails unless files can be created in the directory.
  public func checkWritable() throws(SystemError) {
    try check(W_OK | X_OK)
    if try FileStatus.of(self).kind != .directory { throw SystemError("access", description, code: ENOTDIR) }
  }

  /// Fails unless the file can be written to.
  public func checkFileWritable() throws(SystemError) {
    try check(W_OK)
  }

  /// Fails unless the file can be read.
  public func checkFileReadable() throws(SystemError) {
    try check(R_OK)
  }

  private func check(_ permissions: CInt) throws(SystemError) {
    _ = try retrying("access", description) {
      withCString { Int(faccessat(AT_FDCWD, $0, permissions, AT_EACCESS)) }
    }
  }
}
