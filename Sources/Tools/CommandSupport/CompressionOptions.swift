import CommandLine
import Compression
import Diagnostics
import ImageArchive
import Saving

/// The options that say how layers are compressed.
///
/// `--compress` and `--uncompressed` are podman's; the others say the same more finely.
public struct CompressionOptions: OptionGroup {
  /// The methods that `--compression` names.
  enum Method: String, CaseIterable {
    case none
    case gzip
  }

  var compress = false
  var uncompressed = false
  var compression: Method?
  var compressionLevel: CompressionLevel?

  /// The options, in the order of the help.
  public static var options: [Option<CompressionOptions>] {
    [
      .flag("compress", "Compress layers with gzip (docker-dir).") { $0.compress = true },
      .flag("uncompressed", "Write layers as plain tar (oci-archive, oci-dir).") { $0.uncompressed = true },
      .choice("compression", value: "METHOD", "Compression of layers.") { $0.compression = $1 },
      .number("compression-level", value: "LEVEL", in: 1...9, "Compression level, from 1 (fast) to 9 (small).")
      {
        $0.compressionLevel = CompressionLevel($1)
      },
    ]
  }

  /// What compresses in this build, for `--version`.
  public static var engines: String { "compression: \(CompressionLevel.engines)" }

  /// Options as they are before a command line is parsed.
  public init() {}

  /// What the options ask for in a format.
  func choice(for format: SaveFormat) throws(Failure) -> LayerCompression {
    let method = try method(for: format)
    guard method == .gzip else {
      if compressionLevel != nil {
        throw Failure(.usage, "--compression-level", "has no effect on uncompressed layers")
      }
      return .none
    }
    return .gzip(level: compressionLevel ?? .standard)
  }

  private func method(for format: SaveFormat) throws(Failure) -> Method {
    if compress, format != .dockerDirectory {
      throw Failure(.usage, "--compress", "can only be set when --format is 'docker-dir'")
    }
    if uncompressed, format != .ociArchive, format != .ociDirectory {
      throw Failure(.usage, "--uncompressed", "has no effect on format \(format.rawValue)")
    }
    if compress && compression == Method.none || uncompressed && compression == .gzip {
      throw Failure(
        .usage, "--compression", "cannot be used with \(compress ? "--compress" : "--uncompressed")")
    }
    if format == .dockerArchive, compression == .gzip {
      throw Failure(.usage, "--compression gzip", "has no effect on format docker-archive")
    }
    if let compression { return compression }
    if compress { return .gzip }
    let isOCI = format == .ociArchive || format == .ociDirectory
    return isOCI && !uncompressed ? .gzip : .none
  }
}
