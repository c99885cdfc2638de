import CommandLine
import Compression
import Diagnostics
import ISALCompression
import ImageFormats
import ImageManifest
import ZstdCompression

/// The options for the compression of layers.
///
/// `--compress` and `--uncompressed` are podman's; the others are more precise.
public struct CompressionOptions: OptionGroup {
  /// The values of `--compression`.
  enum Method: String, CaseIterable {
    case none
    case gzip
    case zstd
    /// As the source has them.
    case keep
  }

  var compress = false
  var uncompressed = false
  var compression: Method?
  var compressionLevel: Int?

  /// The options, in the order of the help.
  public static var options: [Option<CompressionOptions>] {
    [
      .flag("compress", "Compress layers with gzip (docker-dir, hybrid).") { $0.compress = true },
      .flag("uncompressed", "Write layers as plain tar (oci-archive, oci-dir).") { $0.uncompressed = true },
      .choice("compression", value: "METHOD", "Compression of layers; OCI formats default to gzip.") {
        $0.compression = $1
      },
      .number(
        "compression-level", value: "LEVEL", in: ZstdMethod.levels,
        "Compression level, from 1 (fast) to 9 for gzip, 19 for zstd. (default: \(GzipCodec.standardLevel), \(ZstdMethod.standardLevel))"
      ) { $0.compressionLevel = $1 },
    ]
  }

  /// The compression libraries of this build, for `--version`.
  public static var engines: String {
    let zstd = ZstdMethod.engine.map { ", \($0)" } ?? ""
    return "compression: \(GzipCodec.description(of: fastDeflateEngines))\(zstd)"
  }

  /// The options before a command line is parsed.
  public init() {}

  /// Whether layers stay as their source or the target has them, if it has them as blobs.
  var keepsBlobs: Bool { !compress && !uncompressed && [nil, .keep].contains(compression) }

  /// The codec that the options select for a format; nil for plain tars.
  func codec(for format: any ImageFormat) throws(Failure) -> (any Codec)? {
    let method = try method(for: format)
    switch method {
    case .gzip:
      let level = try level(in: GzipCodec.levels, of: "gzip")
      return try GzipCodec(level: level ?? GzipCodec.standardLevel, engines: fastDeflateEngines)
    case .zstd:
      guard format.family != .docker else {
        throw Failure(
          .usage, "--compression zstd", "zstd layers need an OCI manifest; use --format oci-archive")
      }
      return try ZstdMethod.codec(level: compressionLevel ?? ZstdMethod.standardLevel)
    case .none, .keep: break
    }
    if compressionLevel != nil {
      throw Failure(
        .usage, "--compression-level",
        format.compression == .never ? neverCompressed(format) : "has no effect on uncompressed layers")
    }
    return nil
  }

  /// The level, if one is given; the option takes the levels of all methods.
  private func level(in levels: ClosedRange<Int>, of method: String) throws(Failure) -> Int? {
    guard let compressionLevel else { return nil }
    guard levels.contains(compressionLevel) else {
      throw Failure(
        .usage, "--compression-level",
        "'\(compressionLevel)' is not a number from \(levels.lowerBound) to \(levels.upperBound) for \(method)")
    }
    return compressionLevel
  }

  private func method(for format: any ImageFormat) throws(Failure) -> Method {
    if compress, format.compression != .onRequest {
      throw Failure(.usage, "--compress", "can only be set when --format is 'docker-dir'")
    }
    if compress, uncompressed { throw Failure(.usage, "--compress", "cannot be used with --uncompressed") }
    if compress && ![nil, .gzip].contains(compression)
      || uncompressed && ![nil, Method.none].contains(compression)
    {
      throw Failure(
        .usage, "--compression", "cannot be used with \(compress ? "--compress" : "--uncompressed")")
    }
    if format.compression == .never, let compression, compression != .none {
      throw Failure(.usage, "--compression \(compression.rawValue)", neverCompressed(format))
    }
    if let compression { return compression }
    if compress { return .gzip }
    return format.compression == .byDefault && !uncompressed ? .gzip : .none
  }

  private func neverCompressed(_ format: any ImageFormat) -> String {
    "\(format.name) layers are never compressed; use --format oci-archive, or pipe to gzip"
  }
}
