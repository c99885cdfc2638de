import Diagnostics
import Foundation

/// The file operations that a store needs, on paths of bytes: layers hold names that are not UTF-8.
enum Disk {
  typealias Path = [UInt8]

  static func makeDirectory(_ path: Path) throws {
    let result = withCString(path) { mkdir($0, 0o755) }
    if result != 0, errno != EEXIST { throw failure(path) }
  }

  /// Writes a new file, or new content into an existing one.
  static func write(_ bytes: [UInt8], to path: Path) throws {
    let file = withCString(path) { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { throw failure(path) }
      rest = rest.dropFirst(count)
    }
  }

  static func symlink(to target: Path, at path: Path) throws {
    let result = withCString(target) { target in withCString(path) { Foundation.symlink(target, $0) } }
    if result != 0 { throw failure(path) }
  }

  static func hardLink(to existing: Path, at path: Path) throws {
    let result = withCString(existing) { existing in withCString(path) { link(existing, $0) } }
    if result != 0 { throw failure(path) }
  }

  /// The target of a symbolic link; nil if the path is not one.
  static func target(ofLink path: Path) -> Path? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = withCString(path) { readlink($0, &buffer, buffer.count) }
    return count < 0 ? nil : buffer.prefix(count).map { UInt8(bitPattern: $0) }
  }

  static func isDirectory(_ path: Path) -> Bool {
    var status = stat()
    return withCString(path) { lstat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Removes a file or a directory with its contents; a missing path is not an error.
  static func remove(_ path: Path) throws {
    if isDirectory(path) {
      for name in entries(of: path) { try remove(path + [0x2F] + name) }
    }
    let result = withCString(path) { Foundation.remove($0) }
    if result != 0, errno != ENOENT { throw failure(path) }
  }

  /// The names in a directory, without `.` and `..`.
  static func entries(of path: Path) -> [Path] {
    guard let directory = withCString(path, opendir) else { return [] }
    defer { closedir(directory) }
    var names: [Path] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
    }
    return names
  }

  private static func withCString<T>(_ path: Path, _ body: (UnsafePointer<CChar>) -> T) -> T {
    let characters = path.map { CChar(bitPattern: $0) } + [0]
    return characters.withUnsafeBufferPointer { buffer in
      // Never nil: the array holds at least the final NUL.
      buffer.baseAddress.map(body) ?? body("")
    }
  }

  private static func failure(_ path: Path) -> Failure {
    Failure(.inputOutput, printable(bytes: path), String(cString: strerror(errno)))
  }
}
