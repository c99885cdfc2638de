/// Decides when to reserve disk space for a layer of known size: one step ahead of writing.
///
/// Writing into reserved space is faster, and a full disk is detected early. Space is not reserved all at once,
/// because the size is only what the store claims.
public struct Preallocation: Sendable {
  /// The size of a step, in bytes.
  private static let step: UInt64 = 64 << 20

  private var reserved: UInt64
  private let end: UInt64

  /// Covers the range of a layer in a file.
  public init(_ part: Range<UInt64>) {
    reserved = part.lowerBound
    end = part.upperBound
  }

  /// The range to reserve before writing up to an offset; nil if enough is reserved.
  public mutating func next(upTo offset: UInt64) -> Range<UInt64>? {
    guard offset > reserved, reserved < end else { return nil }
    let start = reserved
    reserved = min(end, max(offset, start + min(Preallocation.step, end - start)))
    return start..<reserved
  }
}
