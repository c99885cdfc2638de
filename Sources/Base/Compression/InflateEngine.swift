/// Decompresses the members of a gzip stream (RFC 1952), one after another.
public protocol InflateEngine: AnyObject {
  /// Starts at the header of a member.
  func begin()

  /// Decompresses until the input is used, the output is full or the member ends.
  ///
  /// It may keep output for the next call, also if all input was used.
  func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(GzipDamage) -> InflateProgress
}

/// What one call used and made.
public struct InflateProgress {
  /// The bytes of input that were used.
  public let consumed: Int
  /// The bytes of output that were written.
  public let produced: Int
  /// Whether the member ended; its checksum and its length were right.
  public let memberEnds: Bool

  /// Creates the description of a call.
  public init(consumed: Int, produced: Int, memberEnds: Bool) {
    self.consumed = consumed
    self.produced = produced
    self.memberEnds = memberEnds
  }
}

/// A stream that is not gzip, or was damaged.
public struct GzipDamage: Error {
  /// What is wrong, in the words of zlib.
  public let reason: String

  /// Describes the damage.
  public init(_ reason: String) {
    self.reason = reason
  }
}
