import Compression
import Diagnostics

/// The compression of layers with zstd, as far as this build has it.
public enum ZstdMethod {
  /// The levels, from fast to small.
  public static let levels = 1...19
  /// The default level, that of zstd(1).
  public static let standardLevel = 3

  #if ZSTD
    /// Name and version of the library, and its levels: `zstd 1.5.4 (levels 1-19)`; nil without zstd.
    public static var engine: String? {
      "\(ZstdCodec.library) (levels \(levels.lowerBound)-\(levels.upperBound))"
    }

    /// The codec of a level.
    ///
    /// - Throws: A ``Diagnostics/Failure`` of the kind `usage` for a number that is not a level, and of the kind
    ///   `unavailable` in a build without the trait `ZSTD`.
    public static func codec(level: Int) throws(Failure) -> any Codec { try ZstdCodec(level: level) }
  #else
    /// Name and version of the library; nil without zstd.
    public static var engine: String? { nil }

    /// The codec of a level.
    ///
    /// - Throws: A ``Diagnostics/Failure`` of the kind `unavailable`: this build has no zstd.
    public static func codec(level: Int) throws(Failure) -> any Codec {
      throw Failure(.unavailable, "--compression zstd", "not supported by this build, which has no zstd")
    }
  #endif
}
