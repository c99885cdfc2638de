import Glibc
import LayerPipeline
import POSIX

/// Shows on standard error how far the layers of a save are.
protocol ProgressRenderer: LayerObserver {
  /// Ends the display, whether the save has succeeded or not; nothing of it may come after that.
  func end()
}

/// Writes to standard error in one piece; nobody could be told that it failed.
func writeToStandardError(_ text: String) {
  let bytes = Array(text.utf8)
  _ = write(2, bytes, bytes.count)
}

/// The terminal on standard error.
enum ErrorTerminal {
  /// Whether standard error is a terminal.
  static var isTerminal: Bool { isatty(2) == 1 }

  /// Whether it can move its cursor.
  static var canMove: Bool {
    let kind = Environment.value("TERM") ?? ""
    return !kind.isEmpty && kind != "dumb"
  }

  /// Whether colours are welcome; no-color.org.
  static var hasColors: Bool { canMove && (Environment.value("NO_COLOR") ?? "").isEmpty }

  /// Its width and height in characters, 80 by 24 where it does not say.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
