import Compression
import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource

/// An image as an archive or a directory has it: checked manifest and config, and where the layers are.
struct StoredImage: Sendable {
  /// The manifest.
  let manifest: Manifest
  /// The config.
  let config: Blob
  /// The layers, base first.
  let layers: [StoredBlob]
  /// Whether the index of the image has statements about it, such as provenance, which are not read.
  var hasAttestations = false
  /// The list that the image is written with, if lists are read.
  var index: RecordIndex?
}

/// A layer in an archive or a directory.
struct StoredBlob: Sendable {
  /// The layer; its size is nil if the blob is compressed.
  let layer: Layer
  /// The blob.
  let file: NamedFile
}

/// An image in the list of an archive or a directory.
struct ListedImage: Sendable {
  /// The complete names, each with a tag, without duplicates.
  var names: [String] = []
  /// The texts that select the image exactly as they are written.
  var selectors: [Selector] = []
  /// The positions in `index.json` or `manifest.json`.
  var positions: [Int] = []
  /// Whether the entry can only be something else than an image.
  let isOther: @Sendable () -> Bool
  /// Reads manifest and config of the image for a platform, or of all images of a list.
  let read: @Sendable (PlatformChoice) throws(Failure) -> [StoredImage]

  /// A text that selects an image, and the complete name that it is; nil for a bare tag.
  struct Selector: Sendable {
    let text: String
    let name: String?
  }

  /// Adds the names and positions of another entry for the same image.
  mutating func merge(_ other: ListedImage) {
    for name in other.names where !names.contains(name) { names.append(name) }
    selectors += other.selectors
    positions += other.positions
  }
}

/// The limits for files that are read whole, in bytes.
///
/// Source: containers/image, internal/iolimits and docker/internal/tarfile.
enum FileLimit {
  /// `manifest.json` of a docker-archive.
  static let dockerManifest = 1 << 20
  /// An index, a manifest or a config.
  static let document = Manifest.maximumSize
}
