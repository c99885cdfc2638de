import Glibc
import POSIX

/// How the existence of files is found out, without reading them.
public struct FileProbe: Sendable {
  /// What is at a path, symbolic links not followed.
  public enum Presence: Sendable {
    /// Something is there.
    case present
    /// Nothing is there.
    case absent
    /// The question failed: a component is no directory, or permission is missing.
    case unknown
  }

  /// What is at a path.
  public var presence: @Sendable (Path) -> Presence
  /// Whether all of a path exists, symbolic links followed to their ends.
  public var resolves: @Sendable (Path) -> Bool
  /// Whether a file could be opened for reading.
  public var isReadable: @Sendable (Path) -> Bool

  /// Creates a probe from the three questions.
  public init(
    presence: @escaping @Sendable (Path) -> Presence, resolves: @escaping @Sendable (Path) -> Bool,
    isReadable: @escaping @Sendable (Path) -> Bool
  ) {
    self.presence = presence
    self.resolves = resolves
    self.isReadable = isReadable
  }

  /// The files of this machine; nothing is opened, so that no FIFO or device notices.
  public static let real = FileProbe(
    presence: { realPresence(of: $0) },
    resolves: { (try? $0.resolved()) != nil },
    isReadable: { path in path.withCString { access($0, R_OK) } == 0 })

  /// Whether a path is one that could exist: all of it does, or only its last component does not.
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
