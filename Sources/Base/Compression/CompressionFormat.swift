/// A compression format, recognised by the first bytes of a file.
///
/// Source: containers/storage pkg/archive/archive.go, DetectCompression.
public enum CompressionFormat: String, Sendable {
  /// RFC 1952.
  case gzip
  /// The format of bzip2(1).
  case bzip2
  /// The format of xz(1).
  case xz
  /// RFC 8878.
  case zstd

  /// The number of bytes needed to recognise a format.
  public static let magicSize = 6

  /// Recognises a format by the first bytes of a file, at most ``magicSize``; nil if it is not compressed.
  public init?(startingWith start: some Sequence<UInt8>) {
    let formats: [(CompressionFormat, magic: [UInt8])] = [
      (.gzip, [0x1F, 0x8B, 0x08]), (.bzip2, [0x42, 0x5A, 0x68]), (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
      (.zstd, [0x28, 0xB5, 0x2F, 0xFD]),
    ]
    guard let found = formats.first(where: { start.starts(with: $0.magic) }) else { return nil }
    self = found.0
  }
}
