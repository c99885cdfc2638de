import ImageModel
import POSIX

/// Progress on a terminal: draws a ``ProgressDisplay`` ten times a second, but nothing in the background.
final class TerminalProgress: ProgressRenderer {
  private struct State {
    var display: ProgressDisplay
    var lastDrawing: UInt64
    var hasEnded = false
  }

  private let state: Lock<State>
  private static let interval: UInt64 = 100_000_000

  init(_ work: ProgressWork, hasColors: Bool) {
    let time = monotonicTime()
    state = Lock(
      State(display: ProgressDisplay(work, hasColors: hasColors, at: time), lastDrawing: time))
    Continuation.watch()
  }

  func started(_ layer: Layer, size: UInt64?) {
    state.withLock { $0.display.start(layer, size: size, at: monotonicTime()) }
  }

  func advanced(_ layer: Layer, by count: Int) {
    state.withLock { state in
      state.display.advance(layer, by: count)
      let time = monotonicTime()
      if time - state.lastDrawing >= TerminalProgress.interval { draw(&state, at: time) }
    }
  }

  func finished(_ layer: Layer) {
    state.withLock { state in
      if let done = state.display.finish(layer) { draw(&state, at: monotonicTime(), after: done) }
    }
  }

  func end(_ saved: SavedOutput?) {
    state.withLock { state in
      if state.hasEnded { return }
      state.hasEnded = true
      guard canDraw(&state) else { return }
      let text = state.display.clearing(columns: ErrorTerminal.size.columns)
      writeToStandardError(text + (saved.map { "\($0)\n" } ?? ""))
    }
  }

  private func draw(_ state: inout State, at time: UInt64, after done: LayerProgress? = nil) {
    if state.hasEnded { return }
    state.lastDrawing = time
    guard canDraw(&state) else { return }
    writeToStandardError(state.display.redrawing(on: ErrorTerminal.size, at: time, after: done))
  }

  /// Whether the process is in the foreground; after a stop or time in the background, drawing starts anew.
  private func canDraw(_ state: inout State) -> Bool {
    let isForeground = ErrorTerminal.isForeground
    if Continuation.happened() || !isForeground { state.display.forgetDrawing() }
    return isForeground
  }
}
