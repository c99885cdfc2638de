import Compression
import Diagnostics
import ImageManifest
import ImageModel
import ImageSource
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
  public var family: ManifestFamily? { .oci }
  /// A directory; an existing layout is extended.
  public var container: Container { .directory(markers: [OCILayout.marker, OCILayout.index]) }
  /// One image, as podman writes it; several on request.
  public var severalImages: SeveralImages { .onRequest }
  /// Names as annotations of the index.
  public var holdsNames: Bool { true }
  /// Lists in the index.
  public var holdsLists: Bool { true }
  /// Compressed layers by default.
  public var compression: FormatCompression { .byDefault }

  /// The layers of the images that the layout has already, in whatever compression unless one is asked for.
  public func presentLayers(
    of images: [FormatImage], in context: FormatContext
  ) throws(Failure) -> [Layer: PresentLayer] {
    guard let layout = context.existing else { return [:] }
    let blobs = PresentLayers(of: try existingIndex(of: layout), in: layout)
    let options = context.options
    var present: [Layer: PresentLayer] = [:]
    // Also layers that could be left out: the layout has them anyway.
    for layer in images.flatMap(\.layers) where present[layer.layer] == nil {
      let blob =
        layer.passesBlob
        ? blobs.blob(layer.layer.blob, layer.layer.blobSuffix)
        : blobs.blob(of: layer.layer.diffID, options.codec?.suffix, isStrict: !options.keepsCompression)
      if let blob { present[layer.layer] = PresentLayer(file: OCILayout.path(of: blob.digest), layer: blob) }
    }
    return present
  }

  /// The blobs, the marker unless the layout has one, and the index, which completes the layout.
  ///
  /// An existing layout keeps its marker, so that it is unchanged if a later step fails. Without an index, the
  /// marker may be that of another process, which removes it if it fails.
  public func entries(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry] {
    // Refuse a damaged index at the start; the entry reads it again, because others may add to it meanwhile.
    let index = try existingIndex(of: context.existing)
    let hasMarker =
      context.existing.map { layout in
        [OCILayout.marker, OCILayout.index].allSatisfy { layout.appending($0).exists }
      } ?? false
    let style = NameStyle(for: images, context.options, hasImages: !index.isEmpty)
    return try OCILayout.blobs(of: images, in: context) + (hasMarker ? [] : [OCILayout.markerEntry]) + [
      try OCILayout.index(of: images, style) { () throws(Failure) in try existingIndex(of: context.existing) }
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

  /// podman reads directories, the others do not.
  public func loads(_ image: FormatImage, _ manifest: Blob?, isAlone: Bool) -> [LoadedImage] {
    manifest.map { .podman(image, $0) } ?? []
  }

  /// Some names select no image.
  public func notes(on images: [FormatImage], in context: FormatContext) -> [String] {
    NameStyle(for: images, context.options, hasImages: context.existing != nil)
      .notes(on: images, transport: "oci:DIR")
  }
}
