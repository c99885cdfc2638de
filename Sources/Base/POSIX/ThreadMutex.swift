import Glibc

/// A mutex between the threads of a process, at an address that does not change.
///
/// - Note: Unchecked, because pthread guards what is at the address.
public struct ThreadMutex: ~Copyable, @unchecked Sendable {
  /// The mutex, for calls that take one, like `pthread_cond_wait`.
  public let address = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  /// Makes an unlocked mutex.
  public init() {
    address.initialize(to: pthread_mutex_t())
    pthread_mutex_init(address, nil)
  }

  deinit {
    pthread_mutex_destroy(address)
    address.deallocate()
  }

  /// Waits until no other thread holds the mutex, and holds it.
  public func lock() { pthread_mutex_lock(address) }

  /// Gives the mutex back.
  public func unlock() { pthread_mutex_unlock(address) }
}
