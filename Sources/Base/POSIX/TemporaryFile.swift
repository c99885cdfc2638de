import CLinux
import Glibc

extension FileDescriptor {
  /// Creates a file without a name in a directory; it is gone when it is closed.
  ///
  /// A file system that offers no such files gets one with a name, which is removed at once.
  public static func temporary(in directory: Path) throws(SystemError) -> FileDescriptor {
    do {
      return try FileDescriptor.open(directory, O_RDWR | unnamedFileFlag, mode: 0o600)
    } catch  where error.isUnsupported || error.code == EISDIR {
      // A kernel or file system without O_TMPFILE.
    }
    let path = directory.appending(Path(".img-\(getpid())-\(monotonicTime())"))
    var file: FileDescriptor?
    try CleanupRegistry.change { registry throws(SystemError) in
      try registry.make(path, .file) { () throws(SystemError) in
        file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
      }
      registry.remove(path)
    }
    guard let file = file.take() else { throw SystemError("open", path, code: EIO) }
    return file
  }
}

extension Path {
  /// The folder for large temporary files: TMPDIR, else /var/tmp.
  public static var temporaryFiles: Path { Path(Environment.value("TMPDIR") ?? "/var/tmp") }
}
