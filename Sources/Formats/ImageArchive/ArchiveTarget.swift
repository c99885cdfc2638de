import Compression
import ImageManifest
import ImageModel
import POSIX

/// Where an image or archive goes, and how.
public struct ArchiveTarget: Sendable {
  /// The file or directory; nil is standard output.
  public var path: Path?
  /// Whether something that exists is replaced.
  public var force = false
  /// Whether everything is flushed to the disk before success is reported.
  public var synchronize = false
  /// Whether size and digest of the output as a whole are to be told; only for archives.
  public var summarizes = false
  /// The number of threads that read, check, compress and write; the bytes are the same with any.
  public var threads = min(onlineProcessors, 8)

  /// A target at a path.
  public init(path: Path?) {
    self.path = path
  }
}

/// How layers are written.
public enum LayerCompression: Hashable, Sendable {
  /// As the tar that the store delivers.
  case none
  /// As gzip at a level.
  case gzip(level: CompressionLevel)
}

/// What a save has written.
public struct WrittenArchive: Sendable {
  /// The output as a whole, if that was asked for and it is a file or stream.
  public let output: OutputSummary?
  /// The images in the order of the archive.
  public let images: [WrittenImage]
}

/// What became of an image.
public struct WrittenImage: Sendable {
  /// The manifest as it was written; nil for docker-archive, which has none of its own.
  public let manifest: Blob?
  /// The layers as they were written, base first.
  public let layers: [WrittenLayer]
}
