import Glibc
import POSIX

/// State shared by several threads, which can wait for its changes.
///
/// - Note: Unchecked, because the state is used only under the mutex.
final class Monitor<State>: @unchecked Sendable {
  private var state: State
  private let mutex = ThreadMutex()
  private let condition = Condition()
  /// For waiting threads of which one is enough after a change.
  private let reserve = Condition()

  init(_ state: sending State) { self.state = state }

  /// Changes the state, and wakes the waiting threads: all, and one of the reserve.
  func change<Result>(_ body: (inout State) -> Result) -> Result {
    mutex.lock()
    defer {
      condition.wakeAll()
      reserve.wakeOne()
      mutex.unlock()
    }
    return body(&state)
  }

  /// Waits until a closure returns a value; the closure may change the state then.
  func wait<Result>(inReserve: Bool = false, for body: (inout State) -> Result?) -> Result {
    mutex.lock()
    defer { mutex.unlock() }
    while true {
      if let result = body(&state) { return result }
      (inReserve ? reserve : condition).wait(mutex)
    }
  }
}

/// Threads waiting for a change; used only under a monitor's mutex.
private final class Condition {
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var waiting = 0

  init() {
    condition.initialize(to: pthread_cond_t())
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    condition.deallocate()
  }

  func wait(_ mutex: borrowing ThreadMutex) {
    waiting += 1
    pthread_cond_wait(condition, mutex.address)
    waiting -= 1
  }

  func wakeAll() { if waiting > 0 { pthread_cond_broadcast(condition) } }

  func wakeOne() { if waiting > 0 { pthread_cond_signal(condition) } }
}
