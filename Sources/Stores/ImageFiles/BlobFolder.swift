import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource
import POSIX
import Synchronization

/// A folder with blobs in `blobs/sha256`, named after their digests; what they are is known elsewhere.
public struct BlobFolder: Sendable {
  private let blobs: BlobFiles

  /// Opens a folder; `missing` makes the failure of a blob that is not there, by its name in messages.
  public init(_ path: Path, missing: @escaping @Sendable (String) -> Failure) throws(Failure) {
    var blobs = BlobFiles.layout(try DirectoryFiles(path))
    blobs.missing = missing
    self.blobs = blobs
  }

  /// The image of a manifest, or of the manifest that an index has for a platform, or all images of a list.
  ///
  /// Checks digests and sizes of index, manifest and config, and that the layers are there.
  public func images(_ target: BlobDescriptor, for platforms: PlatformChoice) throws(Failure) -> [BlobImage] {
    try IndexImages(blobs: blobs, choice: platforms).images(Descriptor(target)).map { BlobImage($0) }
  }

  /// Whether a descriptor is that of a manifest of something else than an image, such as a signature.
  public func isOther(_ target: BlobDescriptor) -> Bool { blobs.isOther(Descriptor(target)) }

  /// The blob of a layer; the file is opened at once, as long as few are open, so that it can be read after its removal.
  public func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent {
    let content = try blobs.content(of: layer, image: image)
    guard case .blob(let source) = content, let blob = source as? BlobSource,
      BlobFolder.heldFiles.add(1, ordering: .relaxed).newValue <= BlobFolder.heldLimit
    else { return content }
    return .blob(BlobSource(name: image, file: try blob.file.held()))
  }

  /// The number of files that are kept open, and its limit: less than a process may usually open.
  private static let heldFiles = Atomic(0)
  private static let heldLimit = 256
}

/// An image in a folder of blobs.
public struct BlobImage: Sendable {
  /// The manifest.
  public let manifest: Manifest
  /// The config.
  public let config: Blob
  /// The layers, base first; the size of a compressed one is nil.
  public let layers: [Layer]
  /// The platform in the config; nil if it names none.
  public let platform: Platform?
  /// The list that the image is written with, if lists are read.
  public let index: RecordIndex?

  fileprivate init(_ image: StoredImage) {
    manifest = image.manifest
    config = image.config
    layers = image.layers.map(\.layer)
    platform = image.platform
    index = image.index
  }
}

extension Descriptor {
  fileprivate init(_ blob: BlobDescriptor) {
    self.init(mediaType: blob.mediaType, digest: blob.digest, size: blob.size)
  }
}
