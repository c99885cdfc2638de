import Diagnostics

/// How far the transfer of some bytes is: a layer, or all layers of a save.
struct Advance: Sendable {
  /// The number of bytes to transfer; nil if not known.
  let size: UInt64?
  /// The time of the start, from `monotonicTime()`.
  let start: UInt64
  /// The number of bytes transferred.
  var count: UInt64 = 0

  /// The percentage done; nil if the size is not known.
  var percentage: UInt64? { size.map { $0 == 0 ? 100 : UInt64(min(100, Double(count) * 100 / Double($0))) } }

  /// Nanoseconds since the start.
  func elapsed(at time: UInt64) -> UInt64 { time - min(time, start) }

  /// Bytes per second since the start; nil if it is too early.
  func rate(at time: UInt64) -> UInt64? {
    let elapsed = elapsed(at: time)
    guard elapsed >= 1_000_000, count > 0 else { return nil }
    return UInt64(Double(count) * 1e9 / Double(elapsed))
  }

  /// Seconds until all is done at the current rate; nil if there is no rate.
  func secondsLeft(at time: UInt64) -> UInt64? {
    guard let size, let rate = rate(at: time), rate > 0 else { return nil }
    let rest = size - min(count, size)
    return rest / rate + (rest % rate == 0 ? 0 : 1)
  }
}

extension Advance {
  /// A transfer in progress: `412.3 MB of 824.3 MB, 50%, 612.0 MB/s, 1s left`.
  func running(at time: UInt64) -> String {
    var parts = [byteText(count) + (size.map { " of \(byteText($0))" } ?? "")]
    if let percentage { parts.append("\(percentage)%") }
    if let rate = rate(at: time) { parts.append("\(byteText(rate))/s") }
    if let left = secondsLeft(at: time) { parts.append("\(durationText(left)) left") }
    return parts.joined(separator: ", ")
  }

  /// A complete transfer: `824.3 MB in 1s, 612.0 MB/s`.
  func complete(at time: UInt64) -> String {
    var parts = ["\(byteText(count)) in \(durationText(nanoseconds: elapsed(at: time)))"]
    if let rate = rate(at: time) { parts.append("\(byteText(rate))/s") }
    return parts.joined(separator: ", ")
  }
}
