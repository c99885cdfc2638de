/// Decides when to reserve room on the disk for a layer whose size is known: some of it before it is needed.
///
/// Writing into reserved room is cheaper, and a full disk shows early. Not all at once, because the size is only what
/// the store says.
public struct Preallocation: Sendable {
  /// How much is reserved at a time, in bytes.
  private static let step: UInt64 = 64 << 20

  private var reserved: UInt64
  private let end: UInt64

  /// For a layer that takes up a part of a file.
  public init(_ part: Range<UInt64>) {
    reserved = part.lowerBound
    end = part.upperBound
  }

  /// What to reserve before bytes are written up to an offset; nil if there is room.
  public mutating func next(upTo offset: UInt64) -> Range<UInt64>? {
    guard offset > reserved, reserved < end else { return nil }
    let start = reserved
    reserved = min(end, max(offset, start + min(Preallocation.step, end - start)))
    return start..<reserved
  }
}
