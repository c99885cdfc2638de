import Digests
import ImageModel

/// How far a layer is, in numbers and in words.
struct LayerProgress: Sendable {
  let layer: Layer
  /// When the layer was opened, as ``monotonicTime()``.
  let start: UInt64
  /// The bytes that have been read.
  var count: UInt64 = 0

  /// The name of the layer in a line: the start of its digest.
  var name: String { String(layer.diffID.hex.prefix(12)) }

  /// The hundredths that are done; nil if the size of the layer is not known.
  var percentage: UInt64? { layer.size.map { $0 == 0 ? 100 : min(100, count * 100 / $0) } }

  /// Bytes in a second since the start; nil while there is nothing to tell from.
  func rate(at time: UInt64) -> UInt64? {
    let elapsed = time - min(time, start)
    guard elapsed >= 1_000_000, count > 0 else { return nil }
    return UInt64(Double(count) * 1e9 / Double(elapsed))
  }

  /// Seconds until the layer is done if the rate stays; nil if there is no rate.
  func secondsLeft(at time: UInt64) -> UInt64? {
    guard let size = layer.size, let rate = rate(at: time), rate > 0 else { return nil }
    return (size - min(count, size) + rate - 1) / rate
  }

  /// A layer that is under way: `412.3 MB of 824.3 MB, 50%, 612.0 MB/s, 1s left`.
  func running(at time: UInt64) -> String {
    var parts = [byteText(count) + (layer.size.map { " of \(byteText($0))" } ?? "")]
    if let percentage { parts.append("\(percentage)%") }
    if let rate = rate(at: time) { parts.append("\(byteText(rate))/s") }
    if let left = secondsLeft(at: time) { parts.append("\(durationText(left)) left") }
    return parts.joined(separator: ", ")
  }

  /// A layer that is complete: `824.3 MB in 1s, 612.0 MB/s`.
  func complete(at time: UInt64) -> String {
    var parts = ["\(byteText(count)) in \(durationText(nanoseconds: time - min(time, start)))"]
    if let rate = rate(at: time) { parts.append("\(byteText(rate))/s") }
    return parts.joined(separator: ", ")
  }
}
