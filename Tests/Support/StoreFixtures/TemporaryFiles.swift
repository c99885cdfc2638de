import Diagnostics
import Foundation

/// Files of a test in its own directory; all paths are relative to it.
extension TemporaryDirectory {
  /// The absolute path of an entry.
  public func at(_ relative: String) -> String { path + "/" + relative }

  /// Writes a file; makes missing directories.
  public func write(_ bytes: [UInt8], to relative: String) throws {
    try makeParent(of: relative)
    try Disk.write(bytes, to: Array(at(relative).utf8))
  }

  /// Writes a file of text; makes missing directories.
  public func write(_ text: String, to relative: String) throws {
    try write(Array(text.utf8), to: relative)
  }

  /// The content of a file.
  public func read(_ relative: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: at(relative))))
  }

  /// Makes a directory and its missing parents.
  public func makeDirectory(_ relative: String) throws {
    try FileManager.default.createDirectory(atPath: at(relative), withIntermediateDirectories: true)
  }

  /// Foundation's own function for this crashes on names such as `e\u{301}`.
  private func makeParent(of relative: String) throws {
    guard let slash = relative.utf8.lastIndex(of: 0x2F) else { return }
    try makeDirectory(String(relative[..<slash]))
  }

  /// Makes a symbolic link and missing directories.
  public func symlink(_ relative: String, to target: String) throws {
    try makeParent(of: relative)
    try Disk.symlink(to: Array(target.utf8), at: Array(at(relative).utf8))
  }

  /// Makes a named pipe.
  public func makeFIFO(_ relative: String) throws {
    if mkfifo(at(relative), 0o600) != 0 {
      throw Failure(.inputOutput, at(relative), String(cString: strerror(errno)))
    }
  }

  /// Removes an entry with its contents.
  public func remove(_ relative: String) throws {
    try Disk.remove(Array(at(relative).utf8))
  }

  /// The names in the directory or one below it, sorted.
  public func entries(_ relative: String = "") -> [String] {
    Disk.entries(of: Array(at(relative).utf8)).map { String(decoding: $0, as: UTF8.self) }.sorted()
  }
}
