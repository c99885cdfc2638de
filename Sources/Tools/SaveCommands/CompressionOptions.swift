import CommandLine
import Compression
import Diagnostics
import ISALCompression
import ImageFormats

/// The options for the compression of layers.
///
/// `--compress` and `--uncompressed` are podman's; the others are more precise.
public struct CompressionOptions: OptionGroup {
  /// The values of `--compression`.
  enum Method: String, CaseIterable {
    case none
    case gzip
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
        "compression-level", value: "LEVEL", in: GzipCodec.levels,
        "Compression level, from 1 (fast) to 9 (small). (default: \(GzipCodec.standardLevel))"
      ) { $0.compressionLevel = $1 },
    ]
  }

  /// The compression libraries of this build, for `--version`.
  public static var engines: String { "compression: \(GzipCodec.description(of: fastDeflateEngines))" }

  /// The options before a command line is parsed.
  public init() {}

  /// Whether layers stay as their source or the target has them, if it has them as blobs.
  var keepsBlobs: Bool { !compress && !uncompressed && [nil, .keep].contains(compression) }

  /// The codec that the options select for a format; nil for plain tars.
  func codec(for format: any ImageFormat) throws(Failure) -> (any Codec)? {
    let method = try method(for: format)
    if method == .gzip {
      return try GzipCodec(level: compressionLevel ?? GzipCodec.standardLevel, engines: fastDeflateEngines)
    }
    if compressionLevel != nil {
      throw Failure(
        .usage, "--compression-level",
        format.compression == .never ? neverCompressed(format) : "has no effect on uncompressed layers")
    }
    return nil
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
