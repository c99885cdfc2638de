import CLinux
import Glibc

extension Path {
  /// Whether a file system or a part of one is mounted at the path, so that the path cannot be renamed.
  public var isMountPoint: Bool {
    let answer = withCString { img_is_mount_root($0) }
    if answer >= 0 { return answer == 1 }
    // Linux before 5.8 does not report it.
    guard let path = try? resolved() else { return false }
    return mountPoints().contains(path)
  }

  /// Whether something is mounted below the directory.
  public var hasMountPointsBelow: Bool {
    guard let path = try? resolved() else { return false }
    return hasMountPoint(below: path, among: mountPoints())
  }

  /// Whether the file has an ACL or other extended attributes; an SELinux label does not count.
  public var hasAttributes: Bool { withCString { img_has_attributes($0) } != 0 }
}

/// The mount points of this process.
private func mountPoints() -> Set<Path> {
  guard let file = try? FileDescriptor.open("/proc/self/mountinfo", O_RDONLY),
    let table = try? file.readToEnd(limit: 1 << 24, "mountinfo")
  else { return [] }
  return mountPoints(in: table)
}

/// Whether one of some mount points is below a path, which may be one itself.
func hasMountPoint(below path: Path, among points: Set<Path>) -> Bool {
  let prefix = path.appending("").bytes
  return points.contains { $0 != path && $0.bytes.starts(with: prefix) }
}

/// The mount points in the text of /proc/PID/mountinfo.
///
/// Source: proc_pid_mountinfo(5).
func mountPoints(in table: [UInt8]) -> Set<Path> {
  Set(
    table.split(separator: 0x0A).compactMap { line in
      let fields = line.split(separator: 0x20, maxSplits: 5)
      return fields.count > 4 ? Path(unescaped(fields[4])) : nil
    })
}

/// Replaces each backslash and three octal digits by the byte that they name.
private func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
  var result: [UInt8] = []
  var rest = text
  while let byte = rest.popFirst() {
    let digits = rest.prefix(3)
    if byte == 0x5C, digits.count == 3, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) {
      result.append(value)
      rest = rest.dropFirst(3)
    } else {
      result.append(byte)
    }
  }
  return result
}
