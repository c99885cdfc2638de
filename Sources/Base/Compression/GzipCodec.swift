import Diagnostics

/// Compresses layers to gzip (RFC 1952) by the method of pigz.
///
/// Each block is primed with the 32 KiB before it and ends at a byte boundary (a sync flush, RFC 1951). So the
/// blocks joined in order are one deflate stream.
public struct GzipCodec: Codec {
  /// The levels, from fast to small.
  public static let levels = 1...9
  /// The default level: hardly slower than the fastest, hardly larger than podman's result.
  public static let standardLevel = 2

  /// The level.
  public let level: Int
  private let engine: any DeflateEngine

  /// Compresses at a level with the first engine that supports it, else with zlib.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `usage` for a number that is not a level.
  public init(level: Int = standardLevel, engines: [any DeflateEngine] = []) throws(Failure) {
    guard GzipCodec.levels.contains(level) else {
      throw Failure(
        .usage, "", "\(level) is not between \(GzipCodec.levels.lowerBound) and \(GzipCodec.levels.upperBound)")
    }
    self.level = level
    engine = engines.first { $0.levels.contains(level) } ?? ZlibEngine()
  }

  /// The suffix `gzip`.
  public var suffix: String { "gzip" }
  /// `gzip level N`.
  public var description: String { "gzip level \(level)" }
  /// The window of deflate.
  public var historySize: Int { 32 << 10 }

  /// Leaves room for blocks that do not shrink.
  public func capacity(forBlockOf size: Int) -> Int { size + size >> 8 + 1024 }

  /// A compressor of the engine.
  public func encoder() throws(Failure) -> any BlockEncoder { try engine.encoder(level: level) }

  /// A member with the header that containers/image writes.
  public func frame() -> any CodecFrame { GzipFrame() }
}

/// A library that compresses deflate blocks at some of the levels of gzip.
public protocol DeflateEngine: Sendable {
  /// Name and version of the library.
  var name: String { get }
  /// The levels that the library is used for.
  var levels: ClosedRange<Int> { get }
  /// Creates a compressor whose blocks carry the CRC-32 of their data.
  func encoder(level: Int) throws(Failure) -> any BlockEncoder
}

extension GzipCodec {
  /// The engines and the levels of each, for `--version`: `ISA-L 2.30 (levels 1-3), zlib 1.2.13 (levels 4-9)`.
  public static func description(of engines: [any DeflateEngine]) -> String {
    var next = levels.lowerBound
    var parts: [String] = []
    for engine in engines + [ZlibEngine()] where engine.levels.upperBound >= next {
      parts.append("\(engine.name) (levels \(next)-\(engine.levels.upperBound))")
      next = engine.levels.upperBound + 1
    }
    return parts.joined(separator: ", ")
  }
}
