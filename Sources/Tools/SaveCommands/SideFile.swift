import Diagnostics
import Glibc
import POSIX

/// A file, named by an option, for data other than the output: a report, or a log of events.
struct SideFile {
  /// The option, for messages.
  let option: String
  let path: Path

  init(_ option: String, _ path: Path) {
    self.option = option
    self.path = path
  }

  /// Refuses a file that cannot be written, before the output is written.
  ///
  /// - Throws: A ``Failure`` of the kind `usage` if it is the output itself.
  func check(besides output: Path?) throws(Failure) {
    if let output, isSame(as: output) {
      throw Failure(.usage, option, "\(path) is also the output")
    }
    let kind = try? FileStatus.of(path).kind
    if kind == .directory { throw Failure(.cannotCreate, path.description, "is a directory") }
    do {
      if kind == nil { try path.parent.checkWritable() }
      if kind == .regular { try path.checkFileWritable() }
    } catch {
      throw Failure(error.isPermission ? .noPermission : .cannotCreate, path.description, error.reason)
    }
  }

  /// Writes all bytes: replaces the contents of the file, or appends to them.
  func write(_ bytes: [UInt8], appending: Bool = false) throws(Failure) {
    do {
      let flags = O_WRONLY | O_CREAT | O_NOCTTY | (appending ? O_APPEND : O_TRUNC)
      let descriptor = try FileDescriptor.open(path, flags, mode: 0o666)
      try bytes.withBytes { buffer throws(SystemError) in try descriptor.write(buffer, path.description) }
      try descriptor.close(path.description)
    } catch {
      throw error.failure
    }
  }

  /// Whether both paths lead to the same file, which may not exist yet.
  private func isSame(as other: Path) -> Bool {
    if let status = try? FileStatus.of(path), let otherStatus = try? FileStatus.of(other) {
      return status.kind == .regular && (status.device, status.inode) == (otherStatus.device, otherStatus.inode)
    }
    guard let folder = try? path.parent.resolved(), let otherFolder = try? other.parent.resolved() else {
      return false
    }
    return folder == otherFolder && path.lastComponent == other.lastComponent
  }
}
