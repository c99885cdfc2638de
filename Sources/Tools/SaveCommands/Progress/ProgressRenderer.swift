import Glibc
import LayerPipeline
import POSIX

/// Shows the progress of the layers of a save on standard error.
protocol ProgressRenderer: LayerObserver {
  /// Ends the display, after success with the output or after a failure with nil; prints nothing afterwards.
  func end(_ saved: SavedOutput?)
}

/// Writes to standard error at once; a failure cannot be reported.
func writeToStandardError(_ text: String) {
  let bytes = Array(text.utf8)
  _ = write(2, bytes, bytes.count)
}

/// The terminal on standard error.
enum ErrorTerminal {
  /// Whether standard error is a terminal.
  static var isTerminal: Bool { isatty(2) == 1 }

  /// Whether the terminal lets this process draw: false only for a job in the background.
  ///
  /// A terminal that is not the controlling one has no foreground.
  static var isForeground: Bool {
    let group = tcgetpgrp(2)
    return group < 0 || group == getpgrp()
  }

  /// Whether it can move its cursor.
  static var canMove: Bool {
    let kind = Environment.value("TERM") ?? ""
    return !kind.isEmpty && kind != "dumb"
  }

  /// Whether to use colours; no-color.org.
  static var hasColors: Bool { canMove && (Environment.value("NO_COLOR") ?? "").isEmpty }

  /// Its width and height in characters; 80 by 24 if unknown.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
