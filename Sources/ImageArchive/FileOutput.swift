import Diagnostics
import Glibc
import POSIX

/// A file that appears under its name only when it is complete.
///
/// The bytes go to a file without a name in the same directory, or, where the file system has no such files, to
/// one with a temporary name, `.NAME.img-…`. Letting go of it before ``finish()`` leaves nothing behind.
final class FileOutput: ArchiveOutput {
  let isStream = false

  private let target: Path
  private let replaces: Bool
  private let synchronizes: Bool
  private var file: FileDescriptor?
  private var temporary: Path?

  /// Starts a file that will be called `target`.
  ///
  /// An existing file is replaced if it is empty or `force` is set; with `synchronize` file and directory are
  /// flushed to the disk before they count as written.
  init(_ target: Path, force: Bool = false, synchronize: Bool = false) throws(Failure) {
    self.target = try FileOutput.followed(target)
    synchronizes = synchronize
    replaces = try FileOutput.checkExisting(self.target, force: force)
    do {
      do {
        file = try FileDescriptor.open(self.target.parent, O_WRONLY | unnamedFileFlag, mode: 0o666)
      } catch  where [EOPNOTSUPP, EISDIR, EINVAL].contains(error.code) {
        let path = FileOutput.temporaryName(beside: self.target)
        file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
        temporary = path
      }
    } catch {
      throw Failure(error.isPermission ? .noPermission : .cannotCreate, self.target.description, error.reason)
    }
  }

  deinit {
    if let temporary { try? temporary.unlink() }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    do {
      try file?.write(bytes, target.description)
    } catch {
      throw error.failure
    }
  }

  func finish() throws(Failure) {
    guard let file = file.take() else { return }
    do {
      if synchronizes { try file.synchronize(target.description) }
      if temporary == nil { try giveName(to: file) }
      try file.close(target.description)
      if let temporary {
        try temporary.rename(to: target)
        self.temporary = nil
      }
      if synchronizes {
        let directory = try FileDescriptor.open(target.parent, O_RDONLY | O_DIRECTORY)
        try directory.synchronize(target.parent.description)
      }
    } catch {
      throw error.code == EEXIST ? FileOutput.exists(target) : error.failure
    }
  }

  /// Links the file without a name: directly if the target is free, else under a temporary name to rename.
  private func giveName(to file: borrowing FileDescriptor) throws(SystemError) {
    if !replaces { return try file.link(as: target) }
    let name = FileOutput.temporaryName(beside: target)
    try file.link(as: name)
    temporary = name
  }

  /// Follows symbolic links, the last of which may lead to nothing yet.
  private static func followed(_ path: Path) throws(Failure) -> Path {
    var path = path
    for _ in 0..<40 {
      guard let status = try? FileStatus.ofLink(path), status.kind == .symbolicLink else { return path }
      do {
        let target = try path.linkTarget()
        path = target.isAbsolute ? target : path.parent.appending(target)
      } catch {
        throw error.failure
      }
    }
    throw Failure(.cannotCreate, path.description, "too many symbolic links")
  }

  /// Refuses a target that holds something; returns whether there is a file to replace.
  private static func checkExisting(_ target: Path, force: Bool) throws(Failure) -> Bool {
    guard let status = try? FileStatus.of(target) else { return false }
    if status.kind == .directory { throw Failure(.cannotCreate, target.description, "is a directory") }
    if status.size > 0, !force { throw exists(target) }
    return true
  }

  private static func temporaryName(beside target: Path) -> Path {
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    return target.parent.appending(Path(Array(".".utf8) + target.lastComponent.bytes.prefix(200)))
      .withSuffix(".img-\(unique)")
  }

  private static func exists(_ target: Path) -> Failure {
    Failure(.cannotCreate, target.description, "exists and is not empty (--force replaces it)")
  }
}
