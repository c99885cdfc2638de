import Diagnostics
import Glibc
import POSIX

/// A shared lock on one of a store's lock files, held as long as the object lives.
///
/// The file is never created: without lock files, as on a read-only mount, a store is read without locks.
/// Source: containers/storage pkg/lockfile; the lock excludes its POSIX locks.
final class StoreLock {
  private let file: FileDescriptor?

  /// How long to wait for a writer.
  static let patience = Duration.seconds(10)

  /// Waits until no writer holds the file; calls `onWait` once if the lock is not free at once.
  ///
  /// Gives up after `patience` if a writer keeps the lock, for example while it unpacks a large layer or is
  /// stopped. This is safe: writers replace the metadata files as a whole, and all data is verified.
  init(_ path: Path, patience: Duration = StoreLock.patience, onWait: (Path) -> Void) throws(Failure) {
    do {
      file = try StoreLock.lock(path, patience, onWait)
    } catch {
      throw error.failure
    }
  }

  /// The locked file; nil if there is none, or a writer keeps the lock.
  private static func lock(
    _ path: Path, _ patience: Duration, _ onWait: (Path) -> Void
  ) throws(SystemError) -> FileDescriptor? {
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    } catch  where error.isNotFound {
      return nil
    }
    if try file.lockShared(wait: false, path.description) { return file }
    onWait(path)
    let end = Duration.nanoseconds(monotonicTime()) + patience
    repeat {
      if try file.lockShared(wait: false, path.description) { return file }
      usleep(10_000)
    } while .nanoseconds(monotonicTime()) < end
    return nil
  }
}
