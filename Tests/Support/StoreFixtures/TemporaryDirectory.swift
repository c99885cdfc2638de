import Foundation

/// A new empty directory, removed with its contents when its last reference is released.
public final class TemporaryDirectory: Sendable {
  /// The absolute path of the directory.
  public let path: String

  /// Makes a directory below TMPDIR, or the system's directory for temporary files.
  public init() throws {
    let base = FileManager.default.temporaryDirectory.path
    path = base + "/img-test-" + UUID().uuidString
    try Disk.makeDirectory(Array(path.utf8))
  }

  deinit {
    try? Disk.remove(Array(path.utf8))
  }
}
