import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageReference

/// What an OCI layout consists of, as a directory and in an archive.
///
/// Source: OCI image-spec v1.1, image-layout.md.
enum OCILayout {
  /// The directory of all blobs.
  static let blobs = "blobs"
  /// The directory of blobs named by SHA-256.
  static let sha256 = "blobs/sha256"
  /// The file of a blob.
  static func path(of digest: Digest) -> String { "\(sha256)/\(digest.hex)" }
  /// The file that lists the manifests.
  static let index = "index.json"
  /// The file that makes a directory a layout.
  static let marker = "oci-layout"
  /// What stands in the marker.
  static let markerContents = Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)

  /// The names that an index gives an image, nil for none.
  ///
  /// - Throws: A ``Failure`` if one of the names cannot stand in an OCI layout, although it is one of an image.
  static func names(of image: ArchiveImage) throws(Failure) -> [String?] {
    for name in image.ociNames where !ImageReference.isValidOCIReferenceName(name) {
      throw Failure(.usage, "", "Invalid image \(name)")
    }
    return image.ociNames.isEmpty ? [nil] : image.ociNames
  }

  /// Adds the manifest of an image to an index, once for each of its names.
  static func add(_ image: ArchiveImage, manifest: Blob, to index: inout OCIIndex) throws(Failure) {
    for name in try names(of: image) { index.add(manifest, name: name) }
  }
}
