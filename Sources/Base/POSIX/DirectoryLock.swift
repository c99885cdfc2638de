import CLinux
import Glibc

/// An exclusive lock on a directory among the processes that ask for it; ends with the object.
///
/// It leaves no file. Source: flock(2).
public final class DirectoryLock {
  private let directory: FileDescriptor

  /// Waits for the lock at most `seconds`; afterwards the error is EWOULDBLOCK.
  ///
  /// - Returns: Nil if the directory cannot be locked at all, as on some network file systems.
  public static func take(_ path: Path, seconds: UInt64) throws(SystemError) -> DirectoryLock? {
    guard let lock = DirectoryLock(path) else { return nil }
    let end = monotonicTime() + seconds * 1_000_000_000
    while true {
      do {
        _ = try retrying("flock", path.description) { Int(img_lock_exclusive(lock.directory.number)) }
        return lock
      } catch {
        guard error.code == EWOULDBLOCK else { return nil }
        if monotonicTime() >= end { throw error }
        usleep(10_000)
      }
    }
  }

  private init?(_ path: Path) {
    guard let directory = try? FileDescriptor.open(path, O_RDONLY | O_DIRECTORY) else { return nil }
    self.directory = directory
  }

  /// Keeps the lock up to this call.
  public func release() {
    withExtendedLifetime(self) {}
  }
}
