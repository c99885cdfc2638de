import CLinux
import Glibc

/// File system operations by path; errors name the path.
extension Path {
  /// Removes a file.
  public func unlink() throws(SystemError) {
    _ = try retrying("unlink", description) { withCString { Int(Glibc.unlink($0)) } }
  }

  /// Renames the file, replacing any file at the target.
  public func rename(to target: Path) throws(SystemError) {
    try call("rename", target) { Glibc.rename($0, $1) }
  }

  /// Renames the file; fails with EEXIST if the target exists.
  public func renameExclusively(to target: Path) throws(SystemError) {
    try call("renameat2", target) { img_rename_noreplace(AT_FDCWD, $0, AT_FDCWD, $1) }
  }

  /// Gives the file a second name; fails with EEXIST if it exists.
  public func link(to target: Path) throws(SystemError) {
    try call("link", target) { Glibc.link($0, $1) }
  }

  /// Swaps the names of two files or directories in one step.
  public func exchange(with other: Path) throws(SystemError) {
    try call("renameat2", other) { img_rename_exchange(AT_FDCWD, $0, AT_FDCWD, $1) }
  }

  /// A system call on this path and another; an error names the other.
  private func call(
    _ name: StaticString, _ other: Path, _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> CInt
  ) throws(SystemError) {
    _ = try retrying(name, other.description) {
      withCString { first in other.withCString { second in Int(body(first, second)) } }
    }
  }

  /// Removes a file, or a directory and its contents; removes symbolic links, never follows them.
  public func removeTree() throws(SystemError) {
    guard try FileStatus.ofLink(self).kind == .directory else { return try unlink() }
    for name in try directoryEntries() { try appending(name).removeTree() }
    try removeDirectory()
  }

  /// Removes an empty directory.
  public func removeDirectory() throws(SystemError) {
    _ = try retrying("rmdir", description) { withCString { Int(rmdir($0)) } }
  }

  /// Creates a directory.
  public func makeDirectory(mode: mode_t = 0o777) throws(SystemError) {
    _ = try retrying("mkdir", description) { withCString { Int(mkdir($0, mode)) } }
  }

  /// The target of a symbolic link.
  public func linkTarget() throws(SystemError) -> Path {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let capacity = buffer.count
    let count = try retrying("readlink", description) {
      withCString { readlink($0, &buffer, capacity) }
    }
    return Path(buffer[..<count].map(UInt8.init(bitPattern:)))
  }

  /// The path without symbolic links, `.` and `..`; the file must exist.
  public func resolved() throws(SystemError) -> Path {
    let result = withCString { realpath($0, nil) }
    guard let result else { throw SystemError("realpath", description) }
    defer { free(result) }
    return Path(String(cString: result).utf8)
  }

  /// The names in a directory without `.` and `..`, in byte order.
  public func directoryEntries() throws(SystemError) -> [Path] {
    let stream = withCString { opendir($0) }
    guard let stream else { throw SystemError("opendir", description) }
    defer { closedir(stream) }
    var names: [Path] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Path($0) }
      if name != "." && name != ".." { names.append(name) }
    }
    if errno != 0 { throw SystemError("readdir", description) }
    return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// Whether the name exists, like ``exists``; fails if that cannot be found out.
  public func isPresent() throws(SystemError) -> Bool {
    do {
      _ = try FileStatus.ofLink(self)
      return true
    } catch  where error.isWrongFile {
      return false
    }
  }

  /// Whether the name exists; a dangling symbolic link does.
  public var exists: Bool {
    (try? FileStatus.ofLink(self)) != nil
  }
}

/// The values of the environment variables of this process.
public enum Environment {
  /// The value of a variable, nil if it is not set.
  public static func value(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// All variables; the first one if a name occurs twice.
  public static var all: [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let pointer = entry.pointee {
      let text = String(cString: pointer)
      // By bytes: by characters this takes ten times as long.
      if let equals = text.utf8.firstIndex(of: 0x3D) {
        let name = String(text[..<equals])
        if result[name] == nil { result[name] = String(text[text.utf8.index(after: equals)...]) }
      }
      entry += 1
    }
    return result
  }
}

/// The flag that creates a file without a name in a directory (Linux, `O_TMPFILE`).
public let unnamedFileFlag = IMG_O_TMPFILE

/// The flag that opens a directory as a starting point only, which needs no permission to list it (Linux,
/// `O_PATH`).
public let pathOnlyFlag = IMG_O_PATH

extension FileDescriptor {
  /// Names a file that was opened without a name; fails if the name is taken.
  public borrowing func link(as path: Path) throws(SystemError) {
    let source = "/proc/self/fd/\(number)"
    _ = try retrying("linkat", path.description) {
      path.withCString { Int(linkat(AT_FDCWD, source, AT_FDCWD, $0, AT_SYMLINK_FOLLOW)) }
    }
  }
}

/// The number of online processors.
public var onlineProcessors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
