import ImageModel

/// The lines of progress on a terminal: a line for each complete layer, then lines that are redrawn.
///
/// The redrawn lines are those of layers in progress, and one for all layers.
struct ProgressDisplay: Sendable {
  private let work: ProgressWork
  private let hasColors: Bool
  private let nameWidth: Int
  private var total: Advance
  private var startedCount = 0
  private var layers: [LayerProgress] = []
  /// The widths of the lines above the cursor that the next drawing replaces.
  private var drawn: [Int] = []

  /// The display of a save that starts at `time`.
  init(_ work: ProgressWork, hasColors: Bool, at time: UInt64) {
    self.work = work
    self.hasColors = hasColors
    nameWidth = max(12, ProgressDisplay.title(work.layers, of: work.layers).count)
    total = Advance(size: work.size, start: time)
  }

  private static func title(_ number: Int, of count: Int) -> String { "layer \(number) of \(count)" }

  /// Adds a layer.
  mutating func start(_ layer: Layer, size: UInt64?, at time: UInt64) {
    startedCount += 1
    layers.append(LayerProgress(layer: layer, size: size, start: time))
  }

  /// Adds bytes to a layer.
  mutating func advance(_ layer: Layer, by count: Int) {
    guard let index = layers.firstIndex(where: { $0.layer == layer }) else { return }
    layers[index].advance.count += UInt64(count)
    total.count += UInt64(count)
  }

  /// Removes a complete layer; nil if it is not known.
  mutating func finish(_ layer: Layer) -> LayerProgress? {
    layers.firstIndex { $0.layer == layer }.map { layers.remove(at: $0) }
  }

  /// Leaves the lines above the cursor alone: others may have written since.
  mutating func forgetDrawing() {
    drawn = []
  }

  /// The text that replaces the lines by those of now.
  mutating func redrawing(on size: (columns: Int, rows: Int), at time: UInt64, after done: LayerProgress? = nil)
    -> String
  {
    var text = drawn.isEmpty ? "\r" : clearing(columns: size.columns)
    if let done {
      let line = ProgressLine(complete: done.advance, name: done.name, nameWidth: nameWidth, at: time)
      text += colored(line.text(within: size.columns)) + "\n"
    }
    var lines = layers.prefix(max(1, size.rows - 3)).map {
      ProgressLine(running: $0.advance, name: $0.name, nameWidth: nameWidth, at: time)
    }
    if work.layers > 1, startedCount > 0 {
      let title = ProgressDisplay.title(startedCount, of: max(startedCount, work.layers))
      lines.append(ProgressLine(running: total, name: title, nameWidth: nameWidth, at: time))
    }
    let texts = lines.map { $0.text(within: size.columns) }
    drawn = texts.map(\.count)
    return text + texts.map { $0 + "\n" }.joined()
  }

  /// The text that removes the lines; empty if there are none.
  ///
  /// After a change of the width, the terminal has wrapped the lines: they take more rows than were drawn.
  mutating func clearing(columns: Int) -> String {
    let rows = wrappedRows(of: drawn, columns: columns)
    drawn = []
    // Move to the first of the rows, and clear everything from there on.
    return rows > 0 ? "\u{1b}[\(rows)A\r\u{1b}[J" : ""
  }

  private func colored(_ line: String) -> String { hasColors ? "\u{1b}[32m\(line)\u{1b}[0m" : line }
}
