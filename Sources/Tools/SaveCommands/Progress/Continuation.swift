import Glibc

/// Notes whether the process was stopped and continued, as by Ctrl-Z and `fg`: the shell has written meanwhile.
enum Continuation {
  private static var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGCONT)
    return signals
  }

  /// Keeps SIGCONT pending, which continues the process all the same; threads made later inherit that.
  static func watch() {
    var signals = signals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Whether the process was continued since the last call.
  static func happened() -> Bool {
    var signals = signals
    var now = timespec()
    return sigtimedwait(&signals, nil, &now) == SIGCONT
  }
}
