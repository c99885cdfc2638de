import Glibc

/// Rights of this process beyond the modes of files.
public enum Privileges {
  /// Whether this process can read every file, regardless of mode and owner.
  ///
  /// Requires the capability DAC_OVERRIDE or DAC_READ_SEARCH in the initial user namespace: in any other,
  /// neither applies to files whose owner is not mapped into it. Sources: capabilities(7), user_namespaces(7).
  public static var readsEveryFile: Bool {
    guard let status = contents(of: "/proc/self/status"), let map = contents(of: "/proc/self/uid_map") else {
      return geteuid() == 0
    }
    return readsEveryFile(status: status, userMap: map)
  }

  /// The same, by the text of `/proc/self/status` and that of `/proc/self/uid_map`.
  static func readsEveryFile(status: String, userMap map: String) -> Bool {
    let capabilities = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }?
      .split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) }
    let overridesModes: UInt64 = 1 << 1 | 1 << 2
    return (capabilities ?? 0) & overridesModes != 0
      && map.split(whereSeparator: \.isWhitespace).elementsEqual(["0", "0", "4294967295"])
  }

  /// Whether this process can give a new file the owner and the group of another one.
  ///
  /// Source: chown(2); a file system may still refuse it.
  public static func canGiveAway(like file: FileStatus) -> Bool {
    if geteuid() == 0 { return true }
    guard file.owner == geteuid() else { return false }
    if file.group == getegid() { return true }
    var groups = [gid_t](repeating: 0, count: Int(NGROUPS_MAX))
    let count = getgroups(CInt(groups.count), &groups)
    return groups.prefix(Int(max(count, 0))).contains(file.group)
  }

  /// Whether this process may rename or remove a file in a directory to which it may write.
  ///
  /// In a directory with the sticky bit, only the owners of the file and of the directory may, and root.
  public static func canRename(_ file: FileStatus, in directory: FileStatus) -> Bool {
    !directory.isSticky || [file.owner, directory.owner, 0].contains(geteuid())
  }

  private static func contents(of path: Path) -> String? {
    guard let file = try? FileDescriptor.open(path, O_RDONLY),
      let bytes = try? file.readToEnd(limit: 1 << 16, path.description)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
