import Diagnostics
import Glibc
import POSIX

/// A shared lock on one of a store's lock files, held as long as the object lives.
///
/// The file is never created: without lock files, as on a read-only mount, a store is read without locks.
/// Source: containers/storage pkg/lockfile; the lock excludes its POSIX locks.
final class StoreLock {
  private let file: FileDescriptor?

  /// Waits until no writer holds the file; calls `onWait` once if the lock is not free at once.
  ///
  /// Gives up when `patience` is exhausted if a writer keeps the lock, for example while it unpacks a large layer or is
  /// stopped. This is safe: writers replace the metadata files as a whole, and all data is verified.
  init(_ path: Path, patience: LockPatience, onWait: (Path) -> Void) throws(Failure) {
    do {
      file = try StoreLock.lock(path, patience, onWait)
    } catch {
      throw error.failure
    }
  }

  /// The locked file; nil if there is none, or a writer keeps the lock.
  private static func lock(
    _ path: Path, _ patience: LockPatience, _ onWait: (Path) -> Void
  ) throws(SystemError) -> FileDescriptor? {
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    } catch  where error.isNotFound {
      return nil
    }
    if try file.lockShared(path.description) { return file }
    if patience.isExhausted { return nil }
    onWait(path)
    while patience.pause() {
      if try file.lockShared(path.description) { return file }
    }
    return nil
  }
}
