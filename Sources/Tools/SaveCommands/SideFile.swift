import Diagnostics
import Glibc
import Outputs
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

  /// Replaces the contents of the file; after a failure it has its old contents, or does not exist.
  ///
  /// A regular file is replaced in one step. Anything else, such as a device or a link into `/proc`, is written in
  /// place.
  func replace(_ bytes: [UInt8]) throws(Failure) {
    if (try? FileStatus.of(path)) != nil {
      let kind = try? FileStatus.ofLink(path).kind
      if kind != .regular || (try? path.parent.checkWritable()) == nil { return try writeInPlace(bytes) }
    }
    var target = OutputTarget(path: path)
    target.force = true
    let file = try target.openArchive()
    try bytes.withBytes { buffer throws(Failure) in try file.write(buffer) }
    _ = try file.finish()
  }

  private func writeInPlace(_ bytes: [UInt8]) throws(Failure) {
    do {
      let file = try FileDescriptor.open(path, O_WRONLY | O_NOCTTY)
      let isRegular = try file.status(path.description).kind == .regular
      // A full disk must be found before the old contents are lost.
      if isRegular { try file.shared.reserve(0..<UInt64(bytes.count), path.description) }
      try bytes.withBytes { buffer throws(SystemError) in try file.write(buffer, path.description) }
      if isRegular { try file.truncate(to: UInt64(bytes.count), path.description) }
      try file.close(path.description)
    } catch {
      throw error.failure
    }
  }

  /// Appends bytes to the file; a file that they do not fit into is not created.
  func append(_ bytes: [UInt8]) throws(Failure) {
    let isNew = !path.exists
    do {
      let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_NOCTTY | O_APPEND, mode: 0o666)
      try bytes.withBytes { buffer throws(SystemError) in try file.write(buffer, path.description) }
      try file.close(path.description)
    } catch {
      if isNew, let status = try? FileStatus.ofLink(path), status.kind == .regular, status.size == 0 {
        try? path.unlink()
      }
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
