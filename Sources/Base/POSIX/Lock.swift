/// State that one thread at a time uses.
///
/// Swift's own `Mutex` does the same, but the thread sanitizer does not know it, and reports what it guards as races.
///
/// - Note: Unchecked, because the state is used only under the mutex.
public final class Lock<State: ~Copyable>: @unchecked Sendable {
  private let state = UnsafeMutablePointer<State>.allocate(capacity: 1)
  private let mutex = ThreadMutex()

  /// Guards a state.
  public init(_ state: consuming sending State) { self.state.initialize(to: state) }

  deinit {
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// Uses the state; other threads wait until the closure returns or throws.
  public func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending State) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    mutex.lock()
    defer { mutex.unlock() }
    return try body(&state.pointee)
  }
}
