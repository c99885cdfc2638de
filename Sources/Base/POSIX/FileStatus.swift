import Glibc

/// The status of a file: kind, size, identity.
public struct FileStatus: Sendable {
  /// The kinds of files that img distinguishes.
  public enum Kind: Sendable {
    /// A regular file.
    case regular
    /// A directory.
    case directory
    /// A symbolic link.
    case symbolicLink
    /// A FIFO, socket or device.
    case special
  }

  /// The kind of the file.
  public let kind: Kind
  /// The length of a regular file in bytes.
  public let size: UInt64
  /// The number of the device the file is on.
  public let device: UInt64
  /// The inode number of the file on its device.
  public let inode: UInt64

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      default: .special
      }
    size = UInt64(clamping: status.st_size)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  /// The status of a path, following symbolic links.
  public static func of(_ path: Path) throws(SystemError) -> FileStatus {
    var status = stat()
    _ = try retrying("stat", path.description) { path.withCString { Int(stat($0, &status)) } }
    return FileStatus(status)
  }

  /// The status of a path itself, even if it is a symbolic link.
  public static func ofLink(_ path: Path) throws(SystemError) -> FileStatus {
    var status = stat()
    _ = try retrying("lstat", path.description) { path.withCString { Int(lstat($0, &status)) } }
    return FileStatus(status)
  }
}

extension FileDescriptor {
  /// The status of the open file.
  public borrowing func status(_ subject: @autoclosure () -> String) throws(SystemError) -> FileStatus {
    let descriptor = number
    var status = stat()
    _ = try retrying("fstat", subject()) { Int(fstat(descriptor, &status)) }
    return FileStatus(status)
  }

  /// Whether the file is a terminal.
  public var isTerminal: Bool { isatty(number) == 1 }
}
