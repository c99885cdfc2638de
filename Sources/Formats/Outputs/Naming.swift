import Diagnostics
import Glibc
import POSIX

/// The calls that give files and directories their names, with a substitute where a file system lacks one.
///
/// NFS, FUSE, 9p, Ceph and others lack files without a name or the flags of renameat2(2).
struct Naming: Sendable {
  /// A call that a file system can refuse.
  enum Call: Hashable, Sendable {
    case unnamedFile
    case linkUnnamed
    case renameExclusively
    case link
    case exchange
    case renameDirectory
  }

  /// The calls that fail, with their errors; tests set them in place of a file system that lacks the calls.
  var refused: [Call: CInt] = [:]
  /// Whether the type of a file system can show that it links files without a name.
  var trustsTypes = true

  private func perform(
    _ call: Call, _ path: Path, _ body: () throws(SystemError) -> Void
  ) throws(SystemError) {
    if let code = refused[call] { throw SystemError("refused", path, code: code) }
    try body()
  }

  /// Opens a file without a name in a directory.
  func openUnnamed(in directory: Path) throws(SystemError) -> FileDescriptor {
    if let code = refused[.unnamedFile] { throw SystemError("open", directory, code: code) }
    return try FileDescriptor.open(directory, O_RDWR | unnamedFileFlag, mode: 0o666)
  }

  /// Names a file without a name; fails with EEXIST if the name is taken.
  func link(_ file: borrowing FileDescriptor, as path: Path) throws(SystemError) {
    if let code = refused[.linkUnnamed] { throw SystemError("linkat", path, code: code) }
    try file.link(as: path)
  }

  /// Whether files without a name can be created in a directory and named later.
  ///
  /// Tries it with an empty file, unless the type of the file system is enough: some file systems create such a
  /// file and cannot link it.
  func linksUnnamedFiles(in directory: Path) -> Bool {
    let type = try? FileSystemType.of(directory)
    if trustsTypes, type?.linksUnnamedFiles == true, Path("/proc/self/fd").exists { return true }
    let name = temporaryName(for: directory.appending("new"))
    do {
      let file = try openUnnamed(in: directory)
      try CleanupRegistry.change { registry throws(SystemError) in
        try registry.make(name, .file) { () throws(SystemError) in try link(file, as: name) }
        if let error = registry.remove(name) { throw error }
      }
      return true
    } catch {
      return false
    }
  }

  /// Gives a file its final name; fails with EEXIST if the name is taken.
  ///
  /// In one step, if the file system can rename without replacing or has hard links. Otherwise looks for the name
  /// first: a file that another process creates in between is replaced.
  func rename(_ file: Path, exclusivelyTo name: Path) throws(SystemError) {
    do {
      return try perform(.renameExclusively, name) { () throws(SystemError) in
        try file.renameExclusively(to: name)
      }
    } catch {
      guard error.isUnsupported else { throw error }
    }
    if try link(file, to: name) {
      do {
        return try file.unlink()
      } catch {
        try? name.unlink()
        throw error
      }
    }
    if name.exists { throw SystemError("rename", name, code: EEXIST) }
    try file.rename(to: name)
  }

  /// Gives a file a second name; returns false if the file system has no hard links.
  private func link(_ file: Path, to name: Path) throws(SystemError) -> Bool {
    do {
      try perform(.link, name) { () throws(SystemError) in try file.link(to: name) }
      return true
    } catch {
      // NFS reports an existing name if the answer to a first, successful call was lost.
      if error.alreadyExists, isSame(file, name) { return true }
      guard error.isUnsupported || [EPERM, EMLINK, EXDEV].contains(error.code) else { throw error }
      return false
    }
  }

  private func isSame(_ file: Path, _ other: Path) -> Bool {
    guard let file = try? FileStatus.ofLink(file), let other = try? FileStatus.ofLink(other) else {
      return false
    }
    return file.isSameFile(as: other)
  }

  /// Swaps two names in one step.
  func exchange(_ path: Path, with other: Path) throws(SystemError) {
    try perform(.exchange, other) { () throws(SystemError) in try path.exchange(with: other) }
  }

  /// Renames a directory that existed before.
  func renameDirectory(_ path: Path, to other: Path) throws(SystemError) {
    try perform(.renameDirectory, path) { () throws(SystemError) in try path.rename(to: other) }
  }
}

/// An unused name next to a path, which shows where a leftover comes from.
func temporaryName(for target: Path) -> Path {
  let unique = String(UInt64.random(in: .min ... .max), radix: 36)
  return target.parent.appending(Path(Array(".".utf8) + target.lastComponent.bytes.prefix(200)))
    .withSuffix(".img-\(unique)")
}

/// Flushes a directory, so that the names in it survive a crash.
func synchronize(directory path: Path) throws(SystemError) {
  let directory = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
  try directory.synchronize(path.description)
}
