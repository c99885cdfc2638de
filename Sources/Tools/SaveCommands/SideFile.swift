import Diagnostics
import Glibc
import POSIX

/// A file that an option names for something besides the output: a report, or a log of events.
struct SideFile {
  /// The option, for messages.
  let option: String
  let path: Path

  init(_ option: String, _ path: Path) {
    self.option = option
    self.path = path
  }

  /// Refuses what writing it would fail with, before there is an output that would then be complete without it.
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

  /// Writes all bytes: instead of what is in the file, or behind it.
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

  /// Whether both paths lead to one file, which may not be there yet.
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
