import Diagnostics
import ImageManifest
import ImageModel

/// The oci-archive format: an OCI layout in a tar.
///
/// The same image gives the same bytes: all times are the given one, owners are 0, modes are fixed.
/// Source: containers/image, oci/archive.
public struct OCIArchive: ImageFormat {
  /// The format.
  public init() {}

  /// `oci-archive`.
  public var name: String { "oci-archive" }
  /// OCI manifests.
  public var family: ManifestFamily? { .oci }
  /// A tar with one time for all members.
  public var container: Container { .archive(TarStyle(fileMode: 0o644, isTimed: true)) }
  /// One image, as podman writes it; several on request.
  public var severalImages: SeveralImages { .onRequest }
  /// Names as annotations of the index.
  public var holdsNames: Bool { true }
  /// Lists in the index.
  public var holdsLists: Bool { true }
  /// Compressed layers by default.
  public var compression: FormatCompression { .byDefault }

  /// The blobs, the index and the marker.
  public func entries(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry] {
    let index = try OCILayout.index(of: images, NameStyle(for: images, context.options)) { OCIIndex() }
    return try OCILayout.blobs(of: images, in: context) + [index, OCILayout.markerEntry]
  }

  /// The image's manifest with the written layers.
  public func manifest(of image: FormatImage, layers: [WrittenLayer]) throws(Failure) -> Blob? {
    try rewrittenManifest(of: image, layers: layers)
  }

  /// Docker with a graph driver loads no layout.
  public func loads(_ image: FormatImage, _ manifest: Blob?, isAlone: Bool) -> [LoadedImage] {
    manifest.map { .podman(image, $0) + .containerd($0.digest) } ?? []
  }

  /// podman loads one image with one name.
  public func notes(on images: [FormatImage], in context: FormatContext) -> [String] {
    let style = NameStyle(for: images, context.options)
    let several =
      images.entryCount > 1
      ? ["podman load takes one image with one name: load each with podman pull oci-archive:FILE:NAME"] : []
    return several + style.notes(on: images, transport: "oci-archive:FILE") + images.notesOnAbsentLayers
  }
}
