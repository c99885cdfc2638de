import CZlib
import Diagnostics

#if ISAL
  import CISAL
#endif

/// How hard to compress, from 1 (fast) to 9 (small), and which engine does it.
///
/// Levels 1 to 3 are ISA-L's where it was built in (trait `ISAL`); all others are zlib's.
public struct CompressionLevel: Hashable, Sendable {
  /// The number of the level.
  public let number: Int

  /// A level from 1 to 9; nil for another number.
  public init?(_ number: Int) {
    guard (1...9).contains(number) else { return nil }
    self.number = number
  }

  private init(unchecked number: Int) {
    self.number = number
  }

  #if ISAL
    /// The level when none is asked for: hardly slower than the fastest, and hardly larger than podman's result.
    public static let standard = CompressionLevel(unchecked: 2)

    /// The engines that were built in, with their levels.
    public static let engines =
      "ISA-L \(ISAL_MAJOR_VERSION).\(ISAL_MINOR_VERSION) (levels 1-3), zlib \(zlib) (levels 4-9)"
  #else
    /// The level when none is asked for: hardly larger than podman's result.
    public static let standard = CompressionLevel(unchecked: 2)

    /// The engines that were built in, with their levels.
    public static let engines = "zlib \(zlib) (levels 1-9)"
  #endif

  private static var zlib: String { String(cString: zlibVersion()) }

  /// A compressor of blocks at this level.
  public func deflater() throws(Failure) -> any BlockDeflater {
    #if ISAL
      if number <= 3 { return try ISALDeflater(level: number) }
    #endif
    return try ZlibDeflater(level: number)
  }
}
