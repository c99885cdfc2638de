import Diagnostics
import Glibc
import POSIX

/// A shared lock on one of a store's lock files, held until it is let go.
///
/// The file is never created: a store on a read-only mount, or one without lock files, is read without.
/// Source: containers/storage pkg/lockfile; the locks exclude its POSIX locks.
struct StoreLock: ~Copyable {
  private let file: FileDescriptor?

  /// Waits until no writer holds the file; calls `onWait` once if that takes longer than a moment.
  init(_ path: Path, onWait: (Path) -> Void) throws(Failure) {
    do {
      let file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
      if try !file.lockShared(wait: false, path.description) {
        onWait(path)
        _ = try file.lockShared(wait: true, path.description)
      }
      self.file = consume file
    } catch  where error.isNotFound {
      file = nil
    } catch {
      throw error.failure
    }
  }
}
