import Diagnostics
import ImageManifest
import ImageModel
import POSIX

/// The oci-dir format: an OCI layout as a directory, either new or extended.
///
/// Source: containers/image, oci/layout.
public struct OCIDirectory: ImageFormat {
  /// The format.
  public init() {}

  /// `oci-dir`.
  public var name: String { "oci-dir" }
  /// OCI manifests.
  public var family: ManifestFamily { .oci }
  /// A directory; an existing layout is extended.
  public var container: Container { .directory(markers: [OCILayout.marker, OCILayout.index]) }
  /// One image.
  public var holdsSeveralImages: Bool { false }
  /// Names as annotations of the index.
  public var holdsNames: Bool { true }
  /// Compressed layers by default.
  public var compression: FormatCompression { .byDefault }

  /// The blobs, the marker unless the layout has one, and the index, which completes the layout.
  ///
  /// An existing layout keeps its marker, so that it is unchanged if a later step fails. Without an index, the
  /// marker may be that of another process, which removes it if it fails.
  public func entries(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry] {
    // Refuse a damaged index at the start; the entry reads it again, because others may add to it meanwhile.
    _ = try existingIndex(of: context.existing)
    let hasMarker =
      context.existing.map { layout in
        [OCILayout.marker, OCILayout.index].allSatisfy { layout.appending($0).exists }
      } ?? false
    return OCILayout.blobs(of: images) + (hasMarker ? [] : [OCILayout.markerEntry]) + [
      try OCILayout.index(of: images) { () throws(Failure) in try existingIndex(of: context.existing) }
    ]
  }

  /// The index of a layout; an empty one if there is no index yet.
  private func existingIndex(of layout: Path?) throws(Failure) -> OCIIndex {
    guard let layout else { return OCIIndex() }
    let bytes: [UInt8]
    do {
      bytes = try layout.appending(OCILayout.index).contents(limit: Manifest.maximumSize)
    } catch {
      if error.isNotFound { return OCIIndex() }
      throw error.failure
    }
    return try OCIIndex(parsing: bytes)
  }

  /// The image's manifest with the written layers.
  public func manifest(of image: FormatImage, layers: [WrittenLayer]) throws(Failure) -> Blob? {
    try rewrittenManifest(of: image, layers: layers)
  }
}
