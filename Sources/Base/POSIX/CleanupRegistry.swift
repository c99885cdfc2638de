import Glibc
import Synchronization

/// The names that this process has made for a while and that a signal must not leave behind.
///
/// INT, TERM and HUP remove them before the process dies of the signal. So that nothing slips through, a name is
/// made, changed or given up only inside of ``change(_:)``, which a clean-up lets nobody into any more.
public struct CleanupRegistry {
  /// How a name is removed.
  public enum Kind: Sendable {
    /// A file.
    case file
    /// A directory with all that is in it.
    case tree
    /// A directory in which others may have put something; then it stays.
    case emptyDirectory
  }

  private var names: [(path: Path, kind: Kind)] = []
  private var isWatched = false

  private static let shared = Mutex(CleanupRegistry())

  /// Makes, changes or gives up names in one step, as far as signals are concerned.
  public static func change(
    _ body: (inout CleanupRegistry) throws(SystemError) -> Void
  ) throws(SystemError) {
    try shared.withLock { registry throws(SystemError) in try body(&registry) }
  }

  /// Makes a name that is to be removed; the first one lets signals be caught.
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

  /// Counts a name that has just been made in the same step among those to be removed; see ``watch()``.
  public mutating func add(_ path: Path, _ kind: Kind) {
    names.append((path, kind))
  }

  /// Lets signals be caught from now on.
  public mutating func watch() {
    if isWatched { return }
    isWatched = SignalWatch.start { signal in
      // Nobody gets in any more: a name made now would stay.
      CleanupRegistry.shared.withLock { registry in
        registry.removeAll()
        SignalWatch.die(of: signal)
      }
    }
  }

  /// Lets a name stay.
  public mutating func keep(_ path: Path) {
    names.removeAll { $0.path == path }
  }

  /// Removes what a name stands for; returns why that was not possible.
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
      case .tree:
        // Once more where a call of many has failed: the rest is less by then.
        do { try path.removeTree() } catch { try path.removeTree() }
      case .emptyDirectory: try path.removeDirectory()
      }
      return nil
    } catch {
      return error
    }
  }
}
