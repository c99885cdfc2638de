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
  /// The permissions, with the set-ID and sticky bits.
  public let mode: mode_t
  /// The ID of the owner.
  public let owner: uid_t
  /// The ID of the group.
  public let group: gid_t
  /// The number of names.
  public let links: UInt64
  /// Whether the file is a socket, which cannot be opened.
  public let isSocket: Bool

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
    mode = status.st_mode & 0o7777
    owner = status.st_uid
    group = status.st_gid
    links = UInt64(status.st_nlink)
    isSocket = status.st_mode & S_IFMT == S_IFSOCK
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

extension FileStatus {
  /// Whether both are the same file.
  public func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }

  /// Whether only the owners of a directory's files may rename them (the sticky bit).
  public var isSticky: Bool { mode & S_ISVTX != 0 }
}

extension FileDescriptor {
  /// The status of the open file.
  public borrowing func status(_ subject: @autoclosure () -> String) throws(SystemError) -> FileStatus {
    let descriptor = number
    var status = stat()
    _ = try retrying("fstat", subject()) { Int(fstat(descriptor, &status)) }
    return FileStatus(status)
  }

  /// Gives the open file the owner, group and mode of another file.
  public borrowing func takeOwnership(of other: FileStatus, _ subject: String) throws(SystemError) {
    let descriptor = number
    let own = try status(subject)
    if own.owner != other.owner || own.group != other.group {
      _ = try retrying("fchown", subject) { Int(fchown(descriptor, other.owner, other.group)) }
    }
    _ = try retrying("fchmod", subject) { Int(fchmod(descriptor, other.mode)) }
    let result = try status(subject)
    // Some file systems ignore both calls, and the kernel drops set-ID bits.
    guard result.owner == other.owner, result.group == other.group, result.mode == other.mode else {
      throw SystemError("fchown", subject, code: EPERM)
    }
  }

  /// Whether the file is a terminal.
  public var isTerminal: Bool { isatty(number) == 1 }
}
