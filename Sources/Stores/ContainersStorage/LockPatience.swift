import Glibc
import POSIX

/// How long a run still waits for writers' locks: one budget for all locks, readings and stores.
public final class LockPatience: Sendable {
  /// The time left, in nanoseconds.
  private let left: Lock<UInt64>

  /// The budget of one run: ten seconds.
  public convenience init() {
    self.init(milliseconds: 10_000)
  }

  init(milliseconds: UInt64) {
    left = Lock(milliseconds * 1_000_000)
  }

  /// Whether nothing is left.
  var isExhausted: Bool { left.withLock { $0 == 0 } }

  /// Sleeps for ten milliseconds; returns false, without sleep, if nothing is left.
  func pause() -> Bool {
    if isExhausted { return false }
    let start = monotonicTime()
    usleep(10_000)
    let time = monotonicTime() - start
    left.withLock { $0 -= min($0, time) }
    return true
  }
}
