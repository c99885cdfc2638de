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
  /// The kind of manifest that images must have; nil if each image keeps its own kind.
  var family: ManifestFamily? { get }
  /// The kind of output: an archive with members in a tar style, or a directory.
  var container: Container { get }
  /// Whether the output holds several images.
  var severalImages: SeveralImages { get }
  /// Whether the output holds the names of images.
  var holdsNames: Bool { get }
  /// Whether programs that load the output need `rootfs.diff_ids` in the configs of images.
  var needsDiffIDs: Bool { get }
  /// Whether loaders find layers that are described in the output, but left out of it.
  var canLeaveOut: Bool { get }
  /// Whether the output holds lists of images for several platforms.
  var holdsLists: Bool { get }
  /// Whether layers can be compressed, and the default.
  var compression: FormatCompression { get }

  /// The layers that the directory to add to already holds, as they are there.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for a directory that cannot be added to.
  func presentLayers(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Layer:
    PresentLayer]

  /// The entries of the output, in the order of writing; the last file completes the output.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for images that the format cannot hold.
  func entries(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry]

  /// The manifest of an image with these written layers; nil if the format has no manifests of its own.
  func manifest(of image: FormatImage, layers: [WrittenLayer]) throws(Failure) -> Blob?

  /// What loaders show for an image with this manifest, or in this list; `isAlone`: the output has one image, or list,
  /// with one name at most.
  func loads(_ image: FormatImage, _ manifest: Blob?, isAlone: Bool) -> [LoadedImage]

  /// What users of the output must know: the loaders that need another command or give another name.
  func notes(on images: [FormatImage], in context: FormatContext) -> [String]
}

extension ImageFormat {
  /// False: most formats describe the layers in manifests.
  public var needsDiffIDs: Bool { false }

  /// False: most formats have no index.
  public var holdsLists: Bool { false }

  /// True: the manifests of most formats describe layers by their digests.
  public var canLeaveOut: Bool { true }

  /// None: most formats are not added to.
  public func presentLayers(
    of images: [FormatImage], in context: FormatContext
  ) throws(Failure) -> [Layer: PresentLayer] { [:] }

  /// None: the loaders are not known.
  public func loads(_ image: FormatImage, _ manifest: Blob?, isAlone: Bool) -> [LoadedImage] { [] }

  /// None: most outputs are loaded without ado.
  public func notes(on images: [FormatImage], in context: FormatContext) -> [String] { [] }

  /// The kind of manifest for an image that has a manifest of this type.
  public func family(for type: MediaType) -> ManifestFamily {
    family ?? (type == .ociManifest ? .oci : .docker)
  }
}

/// Whether a format holds several images.
public enum SeveralImages: Sendable {
  /// It holds one image.
  case never
  /// It holds several images if they are asked for, with the option `-m`.
  case onRequest
  /// It holds any number of images.
  case always
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

/// The options of an output that its format heeds.
public struct FormatOptions: Sendable {
  /// The compression of layers; nil for plain tars.
  public var codec: (any Codec)?
  /// Whether layers that the target already holds may be compressed in another way.
  public var keepsCompression = false
  /// Whether several images are asked for, with the option `-m`.
  public var isMultiImage = false
  /// The modification time of members in seconds since 1970, if the format's members have one.
  public var time: UInt32 = 0

  /// The options of an output with this compression.
  public init(codec: (any Codec)? = nil) {
    self.codec = codec
  }
}

/// The input of entries other than the images.
public struct FormatContext: Sendable {
  /// The options of the output.
  public let options: FormatOptions
  /// The directory to add to; nil for a new output.
  public let existing: Path?
  /// The layers that the directory already holds.
  public internal(set) var present: [Layer: PresentLayer] = [:]
  /// The layers as written, as far as they are known before writing.
  var written = WrittenLayers()

  /// Creates a context.
  public init(_ options: FormatOptions = FormatOptions(), existing: Path? = nil) {
    self.options = options
    self.existing = existing
  }
}
