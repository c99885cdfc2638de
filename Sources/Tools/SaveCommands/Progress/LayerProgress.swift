import Digests
import ImageModel

/// The progress of a layer, in numbers and as text.
struct LayerProgress: Sendable {
  let layer: Layer
  /// The time the layer was opened, from ``monotonicTime()``.
  let start: UInt64
  /// The number of bytes read.
  var count: UInt64 = 0

  /// The name of the layer in a line: a prefix of its digest.
  var name: String { String(layer.diffID.hex.prefix(12)) }

  /// The percentage done; nil if the size of the layer is not known.
  var percentage: UInt64? { layer.size.map { $0 == 0 ? 100 : min(100, count * 100 / $0) } }

  /// Bytes per second since the start; nil if it is too early.
  func rate(at time: UInt64) -> UInt64? {
    let elapsed = time - min(time, start)
    guard elapsed >= 1_000_000, count > 0 else { return nil }
    return UInt64(Double(count) * 1e9 / Double(elapsed))
  }

  /// Seconds until the layer is done at the current rate; nil if there is no rate.
  func secondsLeft(at time: UInt64) -> UInt64? {
    guard let size = layer.size, let rate = rate(at: time), rate > 0 else { return nil }
    return (size - min(count, size) + rate - 1) / rate
  }

  /// A layer in progress: `412.3 MB of 824.3 MB, 50%, 612.0 MB/s, 1s left`.
  func running(at time: UInt64) -> String {
    var parts = [byteText(count) + (layer.size.map { " of \(byteText($0))" } ?? "")]
    if let percentage { parts.append("\(percentage)%") }
    if let rate = rate(at: time) { parts.append("\(byteText(rate))/s") }
    if let left = secondsLeft(at: time) { parts.append("\(durationText(left)) left") }
    return parts.joined(separator: ", ")
  }

  /// A complete layer: `824.3 MB in 1s, 612.0 MB/s`.
  func complete(at time: UInt64) -> String {
    var parts = ["\(byteText(count)) in \(durationText(nanoseconds: time - min(time, start)))"]
    if let rate = rate(at: time) { parts.append("\(byteText(rate))/s") }
    return parts.joined(separator: ", ")
  }
}
