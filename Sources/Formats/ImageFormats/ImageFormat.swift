import Compression
import Diagnostics
import ImageManifest
import ImageModel
import Outputs
import POSIX

/// A format for saved images; one conformer for each format.
///
/// ``entries(of:in:)`` is the only description of an output: writing, planning and measuring use it.
public protocol ImageFormat: Sendable {
  /// The name on the command line.
  var name: String { get }
  /// The kind of manifest that images must have.
  var family: ManifestFamily { get }
  /// The kind of output: an archive with members in a tar style, or a directory.
  var container: Container { get }
  /// Whether the output can hold several images.
  var holdsSeveralImages: Bool { get }
  /// Whether the output holds the names of images.
  var holdsNames: Bool { get }
  /// Whether programs that load the output need `rootfs.diff_ids` in the configs of images.
  var needsDiffIDs: Bool { get }
  /// Whether layers can be compressed, and the default.
  var compression: FormatCompression { get }

  /// The entries of the output, in the order of writing; the last file completes the output.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for images that the format cannot hold.
  func entries(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry]

  /// The manifest of an image with these written layers; nil if the format has no manifests of its own.
  func manifest(of image: FormatImage, layers: [WrittenLayer]) throws(Failure) -> Blob?
}

extension ImageFormat {
  /// False: most formats describe the layers in manifests.
  public var needsDiffIDs: Bool { false }
}

/// The container for a format's entries.
public enum Container: Sendable {
  /// Members of a tar.
  case archive(TarStyle)
  /// Files of a directory; files are added to a directory that contains one of the markers.
  case directory(markers: [String])

  /// The kind of output.
  public var kind: OutputKind {
    switch self {
    case .archive: .archive
    case .directory(let markers): .directory(markers: markers)
    }
  }
}

/// The metadata of a format's archive members.
public struct TarStyle: Sendable {
  /// The mode of files.
  public let fileMode: UInt16
  /// The mode of directories.
  public let directoryMode: UInt16
  /// Whether the members can have a time other than 0.
  public let isTimed: Bool
  /// The time of all members in seconds since 1970.
  private(set) var time: UInt32 = 0

  /// Describes members.
  public init(fileMode: UInt16, directoryMode: UInt16 = 0o755, isTimed: Bool = false) {
    self.fileMode = fileMode
    self.directoryMode = directoryMode
    self.isTimed = isTimed
  }

  /// The style with a time, if members can have one.
  func with(time: UInt32) -> TarStyle {
    var style = self
    if isTimed { style.time = time }
    return style
  }
}

/// Whether a format compresses layers.
public enum FormatCompression: Sendable {
  /// Layers are always plain tars.
  case never
  /// Layers are compressed on request.
  case onRequest
  /// Layers are compressed unless plain ones are requested.
  case byDefault
}

/// The input of entries other than the images.
public struct FormatContext: Sendable {
  /// The compression of layers; nil for plain tars.
  public let codec: (any Codec)?
  /// The directory to add to; nil for a new output.
  public let existing: Path?

  /// Creates a context.
  public init(codec: (any Codec)? = nil, existing: Path? = nil) {
    self.codec = codec
    self.existing = existing
  }
}
