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
    let capabilities = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }?
      .split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) }
    let overridesModes: UInt64 = 1 << 1 | 1 << 2
    return (capabilities ?? 0) & overridesModes != 0
      && map.split(whereSeparator: \.isWhitespace).elementsEqual(["0", "0", "4294967295"])
  }

  private static func contents(of path: Path) -> String? {
    guard let file = try? FileDescriptor.open(path, O_RDONLY),
      let bytes = try? file.readToEnd(limit: 1 << 16, path.description)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
