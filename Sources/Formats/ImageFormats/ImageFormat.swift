import Compression
import Diagnostics
import ImageManifest
import ImageModel
import Outputs
import POSIX

/// A format in which images are saved; one conformer for each format.
///
/// The one description of an output is ``entries(of:in:)``: it is written, planned and measured by the same code.
public protocol ImageFormat: Sendable {
  /// The name on the command line.
  var name: String { get }
  /// The kind of manifest that images must have.
  var family: ManifestFamily { get }
  /// What is written: an archive with tar members of a style, or a directory.
  var container: Container { get }
  /// Whether the output can hold more than one image.
  var holdsSeveralImages: Bool { get }
  /// Whether the output holds the names of images.
  var holdsNames: Bool { get }
  /// Whether layers can be written compressed, and whether they are if nothing else is asked for.
  var compression: FormatCompression { get }

  /// All that the output consists of, in the order of writing; the last file makes the output complete.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for images that the format cannot hold.
  func entries(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry]

  /// The manifest of an image whose layers were written so; nil for a format that has no manifests of its own.
  func manifest(of image: FormatImage, layers: [WrittenLayer]) throws(Failure) -> Blob?
}

/// What a format's entries become.
public enum Container: Sendable {
  /// Members of a tar.
  case archive(TarStyle)
  /// Files of a directory; one that holds one of the markers is added to.
  case directory(markers: [String])

  /// The kind of output.
  public var kind: OutputKind {
    switch self {
    case .archive: .archive
    case .directory(let markers): .directory(markers: markers)
    }
  }
}

/// The metadata of members in the archives of a format.
public struct TarStyle: Sendable {
  /// The mode of files.
  public let fileMode: UInt16
  /// The mode of directories.
  public let directoryMode: UInt16
  /// Whether the members can have another time than 0.
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
  /// Layers are compressed if that is asked for.
  case onRequest
  /// Layers are compressed unless plain ones are asked for.
  case byDefault
}

/// What entries depend on besides the images.
public struct FormatContext: Sendable {
  /// How layers are compressed; nil for plain tars.
  public let codec: (any Codec)?
  /// The directory that is added to; nil for a new output.
  public let existing: Path?

  /// Creates a context.
  public init(codec: (any Codec)? = nil, existing: Path? = nil) {
    self.codec = codec
    self.existing = existing
  }
}
