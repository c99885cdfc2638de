import Compression
import Diagnostics

/// The decompressed bytes of a source in a format.
///
/// - Throws: A ``Diagnostics/Failure`` of the kind `unavailable` for formats that this build does not read: bzip2,
///   xz, and zstd without the trait `ZSTD`.
public func decompressing(
  _ source: any ByteSource, _ format: CompressionFormat
) throws(Failure) -> any ByteSource {
  switch format {
  case .gzip: return try Inflater(source)
  #if ZSTD
    case .zstd: return try ZstdDecompressor(source)
  #else
    case .zstd: break
  #endif
  case .bzip2, .xz: break
  }
  throw Failure(.unavailable, source.name, "compressed with \(format.rawValue), not supported")
}
