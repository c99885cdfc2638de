import CommandSupport

/// The values of `--progress`.
enum ProgressMode: String, CaseIterable {
  /// On a terminal as `tty`, or as `plain` if it cannot move its cursor; elsewhere nothing.
  case auto
  /// Lines that are drawn again.
  case tty
  /// Lines for a log.
  case plain
  /// A JSON object a line.
  case json
  /// Nothing.
  case none

  /// What shows progress in this mode, nil for nothing.
  func renderer(_ messages: Messages) -> (any ProgressRenderer)? {
    switch self {
    case .auto:
      guard ErrorTerminal.isTerminal else { return nil }
      return (ErrorTerminal.canMove ? ProgressMode.tty : .plain).renderer(messages)
    case .tty: return TerminalProgress(hasColors: ErrorTerminal.hasColors)
    case .plain: return PlainProgress(messages)
    case .json: return JSONProgress()
    case .none: return nil
    }
  }
}
