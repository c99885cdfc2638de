import Glibc
import POSIX

/// Checks whether files exist, without reading them.
public struct FileProbe: Sendable {
  /// Whether a path exists; symbolic links are not followed.
  public enum Presence: Sendable {
    /// The path exists.
    case present
    /// The path does not exist.
    case absent
    /// The check failed: a component is not a directory, or permission is missing.
    case unknown
  }

  /// Whether a path exists; does not follow symbolic links.
  public var presence: @Sendable (Path) -> Presence
  /// Whether a path exists; follows symbolic links.
  public var resolves: @Sendable (Path) -> Bool
  /// Whether a file can be opened for reading.
  public var isReadable: @Sendable (Path) -> Bool

  /// Creates a probe from three checks.
  public init(
    presence: @escaping @Sendable (Path) -> Presence, resolves: @escaping @Sendable (Path) -> Bool,
    isReadable: @escaping @Sendable (Path) -> Bool
  ) {
    self.presence = presence
    self.resolves = resolves
    self.isReadable = isReadable
  }

  /// The files of this machine; opens nothing, so that FIFOs and devices are not affected.
  public static let real = FileProbe(
    presence: { realPresence(of: $0) },
    resolves: { (try? $0.resolved()) != nil },
    isReadable: { path in path.withCString { access($0, R_OK) } == 0 })

  /// Whether a path is possible: all of it exists, or all but its last component.
  ///
  /// Source: containers/image directory/explicitfilepath, ResolvePathToFullyExplicit.
  func acceptsPath(_ text: Substring) -> Bool {
    var text = text
    if text.hasPrefix("///") { text = text.dropFirst(2) }
    if text.hasPrefix("/proc/") { return true }
    let path = Path(String(text))
    switch presence(path) {
    case .present: return resolves(path)
    case .unknown: return false
    case .absent:
      let slash = text.lastIndex(of: "/")
      let parent = slash.map { text[...$0] } ?? ""
      let last = slash.map { text[text.index(after: $0)...] } ?? text
      if last == "." || last == ".." { return false }
      return resolves(parent.isEmpty ? "." : Path(String(parent)))
    }
  }
}

private func realPresence(of path: Path) -> FileProbe.Presence {
  do {
    _ = try FileStatus.ofLink(path)
    return .present
  } catch {
    return error.code == ENOENT ? .absent : .unknown
  }
}
