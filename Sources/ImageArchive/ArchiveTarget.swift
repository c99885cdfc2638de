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

  /// A target at a path.
  public init(path: Path?) {
    self.path = path
  }
}

/// How layers are written.
public enum LayerCompression: Hashable, Sendable {
  /// As the tar that the store delivers.
  case none
  /// As gzip at a level from 1 (fast) to 9 (small), with a number of threads that does not change the bytes.
  case gzip(level: Int, jobs: Int)
}

/// What became of an image in a format that names its manifest.
public struct WrittenImage: Sendable {
  /// The manifest as it was written.
  public let manifest: Blob
  /// The layers as they were written, base first.
  public let layers: [WrittenLayer]
}
