import CLinux
import Glibc

/// A descriptor that the process got from its parent, as a path names it: `/dev/fd/3`.
public enum InheritedDescriptor {
  /// Why a descriptor cannot be written to; nil if it can.
  public static func problem(with number: CInt) -> String? {
    let flags = fcntl(number, F_GETFD)
    // This process opens all its files with O_CLOEXEC; an inherited one cannot have the flag.
    guard flags >= 0, flags & FD_CLOEXEC == 0 else { return "is not an open descriptor" }
    let status = fcntl(number, F_GETFL)
    guard status & IMG_O_PATH == 0, status & O_ACCMODE != O_RDONLY else {
      return "is not open for writing"
    }
    return nil
  }

  /// A duplicate of a descriptor; it shares offset and flags with it.
  public static func duplicate(_ number: CInt, _ subject: String) throws(SystemError) -> FileDescriptor {
    FileDescriptor(owning: CInt(try retrying("dup", subject) { Int(fcntl(number, F_DUPFD_CLOEXEC, 0)) }))
  }
}

/// The descriptor that a path names.
public enum DescriptorPath: Equatable, Sendable {
  /// A descriptor of this process.
  case own(CInt)
  /// A descriptor of another process, as a path below /proc.
  case other(Path)

  /// Follows the symbolic links of a path to an entry of /proc/PID/fd; nil if they lead elsewhere.
  public init?(_ path: Path) {
    var path = path
    for _ in 0..<40 {
      if let found = DescriptorPath(entry: path) {
        self = found
        return
      }
      guard let target = try? path.linkTarget() else { return nil }
      path = target.isAbsolute ? target : path.parent.appending(target)
    }
    return nil
  }

  private init?(entry path: Path) {
    guard let number = decimal(path.lastComponent.bytes[...]), let directory = try? path.parent.resolved(),
      (try? FileSystemType.of(directory))?.isProc == true
    else { return nil }
    var names = directory.bytes.split(separator: 0x2F)
    guard names.popLast().map(Path.init) == "fd", var process = names.popLast(), decimal(process) != nil else {
      return nil
    }
    // All threads of a process have the same descriptors.
    if names.last.map(Path.init) == "task" {
      names.removeLast()
      guard let group = names.popLast(), decimal(group) != nil else { return nil }
      process = group
    }
    let mount = Path([0x2F] + names.joined(separator: [0x2F]))
    let isOwn = (try? mount.appending("self").linkTarget()) == Path(process)
    self = isOwn ? .own(number) : .other(directory.appending(path.lastComponent))
  }
}

private func decimal(_ digits: ArraySlice<UInt8>) -> CInt? {
  digits.allSatisfy { (0x30...0x39).contains($0) } ? CInt(String(decoding: digits, as: UTF8.self)) : nil
}
