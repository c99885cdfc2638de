import Glibc

/// Threads that are joined together.
///
/// Uses POSIX threads: libdispatch would link Swift's concurrency runtime, 1 MB in each tool.
public final class ThreadGroup: Sendable {
  private let threads = Lock<[pthread_t]>([])

  /// A group without threads.
  public init() {}

  /// Starts a thread that runs a body.
  ///
  /// - Returns: Whether the thread could be created; if not, the body does not run.
  @discardableResult
  public func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let context = Unmanaged.passRetained(Work(body))
    return threads.withLock { threads in
      var thread = pthread_t()
      let failed = pthread_create(
        &thread, nil,
        { context in
          if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
          return nil
        }, context.toOpaque())
      guard failed == 0 else {
        context.release()
        return false
      }
      threads.append(thread)
      return true
    }
  }

  /// Waits until all threads have ended, including threads they start.
  public func wait() {
    while let thread = threads.withLock({ $0.popLast() }) { pthread_join(thread, nil) }
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
