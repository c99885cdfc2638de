import CLinux
import Glibc

/// Runs a clean-up before a signal ends the process.
///
/// The signal handler only writes a byte into a pipe; a thread reads it and does the work.
enum SignalWatch {
  /// The signals that ask a process to end; a signal that is ignored, as under nohup, stays ignored.
  private static let numbers = [SIGINT, SIGTERM, SIGHUP]

  /// Calls a function when one of the signals arrives; it cleans up and ends with ``die(of:)``.
  ///
  /// - Returns: Whether the signals are watched; if no thread can be created, they end the process at once, as
  ///   before.
  static func start(_ end: @escaping @Sendable (CInt) -> Void) -> Bool {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { return false }
    let (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // Only the reader may block, never the handler.
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    let watcher = Watcher(descriptor: reading, end: end)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(watcher)
    let failed = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Watcher>.fromOpaque(context).takeRetainedValue().wait() }
        return nil
      }, context.toOpaque())
    guard failed == 0 else {
      context.release()
      close(reading)
      close(writing)
      return false
    }
    pthread_detach(thread)
    for number in numbers { _ = img_note_signal(number, writing) }
    return true
  }

  /// Ends the process with the default action of a signal.
  static func die(of signal: CInt) -> Never {
    img_die_of_signal(signal)
  }

  private final class Watcher: Sendable {
    let descriptor: CInt
    let end: @Sendable (CInt) -> Void

    init(descriptor: CInt, end: @escaping @Sendable (CInt) -> Void) {
      self.descriptor = descriptor
      self.end = end
    }

    func wait() {
      var number: UInt8 = 0
      while read(descriptor, &number, 1) != 1 {
        if errno != EINTR { return }
      }
      end(CInt(number))
    }
  }
}
