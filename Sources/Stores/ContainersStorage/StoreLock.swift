import Diagnostics
import Glibc
import POSIX

/// A shared lock on one of a store's lock files, held until it is let go.
///
/// The file is never created: a store on a read-only mount, or one without lock files, is read without.
/// Source: containers/storage pkg/lockfile; the locks exclude its POSIX locks.
struct StoreLock: ~Copyable {
  private let file: FileDescriptor?

  /// How long a writer is waited for.
  static let patience = Duration.seconds(10)

  /// Waits until no writer holds the file; calls `onWait` once if that takes longer than a moment.
  ///
  /// A writer that keeps the lock, as one that unpacks a large layer or was stopped does, is not waited for to the
  /// end: writers replace the metadata files as a whole, and what is read is verified in any case.
  init(_ path: Path, patience: Duration = StoreLock.patience, onWait: (Path) -> Void) throws(Failure) {
    do {
      let file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
      if try file.lockShared(wait: false, path.description) {
        self.file = consume file
        return
      }
      onWait(path)
      let end = ContinuousClock.now + patience
      repeat {
        if try file.lockShared(wait: false, path.description) {
          self.file = consume file
          return
        }
        usleep(10_000)
      } while ContinuousClock.now < end
      self.file = nil
    } catch  where error.isNotFound {
      file = nil
    } catch {
      throw error.failure
    }
  }
}
