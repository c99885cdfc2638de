import Glibc

/// The temporary files and directories of this process, which are removed if a signal ends it.
///
/// SIGINT, SIGTERM and SIGHUP remove them before they end the process. A name is made, changed or given up only
/// inside ``change(_:)``. A clean-up holds its lock to the end, so it misses no name.
public struct CleanupRegistry {
  /// How a name is removed.
  public enum Kind: Sendable {
    /// A file.
    case file
    /// A file, unless another one has its name now.
    case ownFile(FileStatus)
    /// The contents of an open file, which stays as an empty one.
    case contents(SharedDescriptor)
    /// A directory and its contents.
    case tree
    /// A directory; it stays if others have put something into it.
    case emptyDirectory
  }

  private var names: [(path: Path, kind: Kind)] = []
  private var isWatched = false

  private static let shared = Lock(CleanupRegistry())

  /// Makes, changes or gives up names; a clean-up runs before or after, never in between.
  public static func change(
    _ body: (inout CleanupRegistry) throws(SystemError) -> Void
  ) throws(SystemError) {
    try shared.withLock { registry throws(SystemError) in try body(&registry) }
  }

  /// Makes a name that a clean-up removes; the first call starts to catch signals.
  public mutating func make(_ path: Path, _ kind: Kind, _ body: () throws(SystemError) -> Void)
    throws(SystemError)
  {
    watch()
    names.append((path, kind))
    do {
      try body()
    } catch {
      names.removeLast()
      throw error
    }
  }

  /// Registers a name that was just made in the same step; see ``watch()``.
  public mutating func add(_ path: Path, _ kind: Kind) {
    names.append((path, kind))
  }

  /// Starts to catch signals.
  public mutating func watch() {
    if isWatched { return }
    isWatched = SignalWatch.start { signal in
      // The lock is never released: a name made now would stay.
      CleanupRegistry.shared.withLock { registry in
        registry.removeAll()
        SignalWatch.die(of: signal)
      }
    }
  }

  /// Gives up a name, so that it stays.
  public mutating func keep(_ path: Path) {
    names.removeAll { $0.path == path }
  }

  /// Removes a registered file or directory; returns the error if that fails.
  @discardableResult
  public mutating func remove(_ path: Path) -> SystemError? {
    guard let index = names.lastIndex(where: { $0.path == path }) else { return nil }
    let (path, kind) = names.remove(at: index)
    return CleanupRegistry.remove(path, kind)
  }

  private mutating func removeAll() {
    for (path, kind) in names.reversed() { _ = CleanupRegistry.remove(path, kind) }
    names = []
  }

  private static func remove(_ path: Path, _ kind: Kind) -> SystemError? {
    do {
      switch kind {
      case .file: try path.unlink()
      case .ownFile(let status):
        if try FileStatus.ofLink(path).isSameFile(as: status) { try path.unlink() }
      case .contents(let file): try file.truncate(path.description)
      case .tree:
        // Try again if one of the many calls failed: less is left by then.
        do { try path.removeTree() } catch { try path.removeTree() }
      case .emptyDirectory: try path.removeDirectory()
      }
      return nil
    } catch {
      return error
    }
  }
}
