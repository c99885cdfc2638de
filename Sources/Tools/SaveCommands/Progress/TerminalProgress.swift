import ImageModel
import POSIX
import Synchronization

/// Progress on a terminal: a line for each complete layer, then lines for layers in progress.
///
/// The lines for layers in progress are redrawn ten times a second.
final class TerminalProgress: ProgressRenderer {
  private struct State {
    var layers: [LayerProgress] = []
    /// The number of lines above the cursor that the next drawing replaces.
    var drawn = 0
    var lastDrawing: UInt64 = 0
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let hasColors: Bool
  private static let interval: UInt64 = 100_000_000

  init(hasColors: Bool) {
    self.hasColors = hasColors
    state.withLock { $0.lastDrawing = monotonicTime() }
  }

  func started(_ layer: Layer) {
    state.withLock { $0.layers.append(LayerProgress(layer: layer, start: monotonicTime())) }
  }

  func advanced(_ layer: Layer, by count: Int) {
    state.withLock { state in
      guard let index = state.layers.firstIndex(where: { $0.layer == layer }) else { return }
      state.layers[index].count += UInt64(count)
      let time = monotonicTime()
      if time - state.lastDrawing >= TerminalProgress.interval { draw(&state, at: time) }
    }
  }

  func finished(_ layer: Layer) {
    state.withLock { state in
      guard let index = state.layers.firstIndex(where: { $0.layer == layer }) else { return }
      let done = state.layers.remove(at: index)
      draw(&state, at: monotonicTime(), after: done)
    }
  }

  func end() {
    state.withLock { state in
      state.layers = []
      if state.drawn > 0 { draw(&state, at: monotonicTime()) }
      state.hasEnded = true
    }
  }

  private func draw(_ state: inout State, at time: UInt64, after done: LayerProgress? = nil) {
    if state.hasEnded { return }
    let size = ErrorTerminal.size
    // Move to the first of the old lines, and clear everything from there on.
    var text = state.drawn > 0 ? "\u{1b}[\(state.drawn)A\r\u{1b}[J" : "\r"
    if let done {
      let (on, off) = hasColors ? ("\u{1b}[32m", "\u{1b}[0m") : ("", "")
      text += "\(on)\(fitted("\(done.name)  \(done.complete(at: time))", to: size.columns))\(off)\n"
    }
    let lines = state.layers.prefix(max(1, size.rows - 2)).map {
      fitted("\($0.name)  \($0.running(at: time))", to: size.columns)
    }
    for line in lines { text += "\(line)\n" }
    state.drawn = lines.count
    state.lastDrawing = time
    writeToStandardError(text)
  }

  /// A line that ends before the last column, because some terminals wrap there.
  private func fitted(_ line: String, to columns: Int) -> String { String(line.prefix(max(1, columns - 1))) }
}
