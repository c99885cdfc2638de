import CommandSupport

/// The values of `--progress`.
enum ProgressMode: String, CaseIterable {
  /// On a terminal `tty`, or `plain` if it cannot move its cursor; otherwise nothing.
  case auto
  /// Lines that are redrawn.
  case tty
  /// Lines for a log.
  case plain
  /// A JSON object per line.
  case json
  /// Nothing.
  case none

  /// The renderer for this mode; nil for none.
  func renderer(_ work: ProgressWork, _ messages: Messages) -> (any ProgressRenderer)? {
    switch self {
    case .auto:
      guard ErrorTerminal.isTerminal else { return nil }
      return (ErrorTerminal.canMove ? ProgressMode.tty : .plain).renderer(work, messages)
    case .tty: return TerminalProgress(work, hasColors: ErrorTerminal.hasColors)
    case .plain: return PlainProgress(messages)
    case .json: return JSONProgress()
    case .none: return nil
    }
  }
}
