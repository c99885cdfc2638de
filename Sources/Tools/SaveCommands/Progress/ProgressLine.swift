import Diagnostics

/// A line of fields in columns; a terminal too narrow for it gets fewer fields, each of them whole.
struct ProgressLine: Sendable {
  /// A field: its text, and how it is aligned.
  struct Field: Sendable {
    let text: String
    /// The width of the column; a longer text makes it wider.
    let width: Int
    /// Whether the text is at the right end of the column.
    var isRight = true
    /// The number of blanks before the column.
    var gap = 2
    /// The order of dropping: the highest rank goes first.
    let rank: Int

    fileprivate var padded: String {
      let padding = String(repeating: " ", count: max(0, width - text.count))
      return isRight ? padding + text : text + padding
    }
  }

  private let fields: [Field]

  /// A line of fields from left to right.
  init(_ fields: [Field]) {
    self.fields = fields
  }

  /// The line without trailing blanks, and shorter than `columns`: some terminals wrap in the last one.
  func text(within columns: Int) -> String {
    var fields = fields
    while ProgressLine.joined(fields).count >= columns,
      let last = fields.indices.max(by: { fields[$0].rank < fields[$1].rank })
    {
      fields.remove(at: last)
    }
    let line = ProgressLine.joined(fields)
    return String(line.prefix(line.count - line.reversed().prefix { $0 == " " }.count))
  }

  private static func joined(_ fields: [Field]) -> String {
    fields.enumerated().map { index, field in
      (index == 0 ? "" : String(repeating: " ", count: field.gap)) + field.padded
    }.joined()
  }
}

extension ProgressLine {
  /// A transfer in progress: `91134926ecb9  412.3 MB of 824.3 MB   50%  612.0 MB/s      1s left`.
  init(running advance: Advance, name: String, nameWidth: Int, at time: UInt64) {
    self.init([
      Field(text: name, width: nameWidth, isRight: false, rank: 1),
      Field(text: byteText(advance.count), width: 8, rank: 3),
      Field(
        text: advance.size.map { "of \(ProgressLine.right(byteText($0)))" } ?? "", width: 11, gap: 1, rank: 4),
      Field(text: advance.percentage.map { "\($0)%" } ?? "", width: 4, rank: 0),
      Field(text: advance.rate(at: time).map { "\(byteText($0))/s" } ?? "", width: 10, rank: 5),
      Field(text: advance.secondsLeft(at: time).map { "\(durationText($0)) left" } ?? "", width: 11, rank: 2),
    ])
  }

  /// A complete transfer: `91134926ecb9  824.3 MB in 1s      612.0 MB/s`.
  init(complete advance: Advance, name: String, nameWidth: Int, at time: UInt64) {
    let time = max(time, advance.start)
    self.init([
      Field(text: name, width: nameWidth, isRight: false, rank: 0),
      Field(text: byteText(advance.count), width: 8, rank: 1),
      Field(
        text: "in \(durationText(nanoseconds: advance.elapsed(at: time)))", width: 9, isRight: false, gap: 1,
        rank: 2
      ),
      Field(text: advance.rate(at: time).map { "\(byteText($0))/s" } ?? "", width: 10, rank: 3),
    ])
  }

  private static func right(_ size: String) -> String {
    String(repeating: " ", count: max(0, 8 - size.count)) + size
  }
}

/// The number of rows that lines of these widths take on a terminal that wraps them.
func wrappedRows(of widths: [Int], columns: Int) -> Int {
  widths.reduce(0) { $0 + max(1, ($1 + columns - 1) / max(1, columns)) }
}
