import Digests
import ImageModel
import Testing

@testable import SaveCommands

/// The lines of progress on a terminal: fields, widths and rows.
@Suite struct ProgressLayoutTests {
  private static let second: UInt64 = 1_000_000_000

  private func layer(_ name: String, size: UInt64?) -> Layer {
    Layer(diffID: SHA256.digest(of: Array(name.utf8)), size: size)
  }

  private func running(_ columns: Int) -> String {
    let advance = Advance(size: 824_300_000, start: 0, count: 412_300_000)
    return ProgressLine(running: advance, name: "layer 3 of 25", nameWidth: 14, at: Self.second)
      .text(within: columns)
  }

  @Test(arguments: [
    (200, "layer 3 of 25   412.3 MB of 824.3 MB   50%  412.3 MB/s      1s left"),
    (80, "layer 3 of 25   412.3 MB of 824.3 MB   50%  412.3 MB/s      1s left"),
    (68, "layer 3 of 25   412.3 MB of 824.3 MB   50%  412.3 MB/s      1s left"),
    (67, "layer 3 of 25   412.3 MB of 824.3 MB   50%      1s left"),
    (50, "layer 3 of 25   412.3 MB   50%      1s left"),
    (40, "layer 3 of 25    50%      1s left"),
    (30, "layer 3 of 25    50%"),
    (10, " 50%"),
    (4, ""),
    (1, ""),
  ])
  func aNarrowTerminalGetsFewerFields(columns: Int, expected: String) {
    #expect(running(columns) == expected)
  }

  @Test func noWidthGetsALongLineOrAPartOfAField() {
    let fields = Set(running(200).split(separator: " ").map(String.init))
    for columns in 1...100 {
      let line = running(columns)
      #expect(line.count < columns)
      #expect(Set(line.split(separator: " ").map(String.init)).isSubset(of: fields))
    }
  }

  @Test func unknownNumbersLeaveTheirColumnsEmpty() {
    let line = ProgressLine(running: Advance(size: nil, start: 0, count: 5), name: "a", nameWidth: 12, at: 0)
    #expect(line.text(within: 80) == "a                  5 B")
    let complete = ProgressLine(
      complete: Advance(size: 3072, start: 0, count: 3072), name: "91134926ecb9", nameWidth: 12, at: 0)
    #expect(complete.text(within: 80) == "91134926ecb9    3.0 kB in 1ms")
    let short = ProgressLine(
      complete: Advance(size: 3072, start: 0, count: 3072), name: "config", nameWidth: 12, at: 0)
    #expect(short.text(within: 80) == "config          3.0 kB in 1ms")
  }

  @Test(arguments: [
    ([], 80, 0), ([65, 65], 80, 2), ([65, 65], 40, 4), ([80], 80, 1), ([81], 80, 2), ([0], 80, 1), ([5], 1, 5),
  ])
  func wrappedLinesTakeMoreRows(widths: [Int], columns: Int, rows: Int) {
    #expect(wrappedRows(of: widths, columns: columns) == rows)
  }

  /// The percentage is never more than 100, and the time left never less than it takes.
  @Test(
    arguments: [
      (0, 0, 100), (0, 5, 100), (200, 0, 0), (200, 1, 0), (200, 2, 1), (200, 199, 99), (200, 200, 100),
      (200, 300, 100),
    ] as [(UInt64, UInt64, UInt64)])
  func thePercentageIsThatOfTheSize(size: UInt64, count: UInt64, percentage: UInt64) {
    #expect(Advance(size: size, start: 0, count: count).percentage == percentage)
  }

  @Test(
    arguments: [
      (1000, 0, nil), (1000, 500, 1), (1000, 400, 2), (1000, 334, 2), (1000, 333, 3), (1000, 1000, 0),
      (1000, 1500, 0),
    ] as [(UInt64, UInt64, UInt64?)])
  func theTimeLeftIsRoundedUp(size: UInt64, count: UInt64, seconds: UInt64?) {
    #expect(Advance(size: size, start: 7, count: count).secondsLeft(at: 7 + Self.second) == seconds)
  }

  @Test func aRateNeedsAMillisecond() {
    let advance = Advance(size: nil, start: 1000, count: 5)
    #expect(advance.rate(at: 0) == nil && advance.elapsed(at: 0) == 0)
    #expect(advance.rate(at: 1000 + 999_999) == nil)
    #expect(advance.rate(at: 1000 + 1_000_000) == 5000)
    #expect(advance.secondsLeft(at: Self.second) == nil && advance.percentage == nil)
    #expect(Advance(size: nil, start: 0).rate(at: Self.second) == nil)
  }

  @Test func aLayerHasALineOnceInAnInterval() {
    let layer = layer("a", size: 100)
    var layers = PacedLayers(interval: 10)
    #expect(layers.advance(layer, by: 1, at: 0) == nil)
    _ = layers.start(layer, size: 100, at: 5)
    #expect(layers.advance(layer, by: 1, at: 14) == nil)
    #expect(layers.advance(layer, by: 1, at: 15)?.advance.count == 2)
    #expect(layers.advance(layer, by: 1, at: 24) == nil)
    #expect(layers.advance(layer, by: 1, at: 25)?.advance.count == 4)
    #expect(layers.finish(layer)?.advance.count == 4)
    #expect(layers.finish(layer) == nil)
  }

  @Test func theWorkIsTheSumOfTheSizes() {
    let layers = [layer("a", size: 5), layer("b", size: 7)]
    #expect(ProgressWork(sizes: layers.map(\.size)).layers == 2)
    #expect(ProgressWork(sizes: layers.map(\.size)).size == 12)
    #expect(ProgressWork(sizes: layers.map(\.size) + [nil]).size == nil)
    #expect(ProgressWork(sizes: [.max, 1]).size == nil)
  }

  @Test func aDrawingReplacesTheRowsOfTheOneBefore() {
    let layers = [layer("a", size: 1000), layer("b", size: 1000)]
    var display = ProgressDisplay(ProgressWork(sizes: layers.map(\.size)), hasColors: false, at: 0)
    #expect(display.clearing(columns: 80).isEmpty)
    for layer in layers { display.start(layer, size: layer.size, at: 0) }
    display.advance(layers[0], by: 500)
    let first = display.redrawing(on: (80, 24), at: Self.second)
    #expect(first.hasPrefix("\r"))
    #expect(
      first.split(separator: "\n").last == "layer 2 of 2     500 B of   2.0 kB   25%     500 B/s      3s left")
    // Wrapped into two rows each, but for a layer without rate and time left; then three lines that fit.
    #expect(display.redrawing(on: (40, 24), at: Self.second).hasPrefix("\u{1b}[5A\r\u{1b}[J"))
    #expect(display.redrawing(on: (40, 24), at: Self.second).hasPrefix("\u{1b}[3A\r\u{1b}[J"))
    display.forgetDrawing()
    #expect(!display.redrawing(on: (80, 24), at: Self.second).contains("\u{1b}"))
    #expect(display.clearing(columns: 80) == "\u{1b}[3A\r\u{1b}[J")
    let done = display.finish(layers[0])
    #expect(done?.layer == layers[0])
    let last = display.redrawing(on: (80, 24), at: Self.second, after: done)
    #expect(last.split(separator: "\n").count == 3)
  }

  @Test func aLowTerminalGetsFewerLines() {
    let layers = (0..<20).map { layer("\($0)", size: 10) }
    var display = ProgressDisplay(ProgressWork(sizes: layers.map(\.size)), hasColors: false, at: 0)
    for layer in layers { display.start(layer, size: layer.size, at: 0) }
    #expect(display.redrawing(on: (80, 10), at: 0).split(separator: "\n").count == 8)
    #expect(display.redrawing(on: (80, 1), at: 0).split(separator: "\n").count == 2)
  }

  @Test func oneLayerHasNoLineForAll() {
    let only = layer("a", size: 1000)
    var display = ProgressDisplay(ProgressWork(sizes: [only.size]), hasColors: false, at: 0)
    display.start(only, size: only.size, at: 0)
    #expect(!display.redrawing(on: (80, 24), at: 0).contains("layer"))
  }
}
