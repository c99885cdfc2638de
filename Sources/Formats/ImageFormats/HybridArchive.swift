import Diagnostics
import ImageManifest
import ImageModel

/// The hybrid format: an OCI layout and the `manifest.json` of a docker-archive in one tar, for every loader.
///
/// Each image keeps its kind of manifest and the bytes of its config, so that its ID is the same everywhere. The
/// same images give the same bytes. Docker 25 and later write the same two descriptions.
/// Sources: OCI image-spec v1.1, image-layout.md; moby image-spec v1.2.
public struct HybridArchive: ImageFormat {
  /// The format.
  public init() {}

  /// `hybrid`.
  public var name: String { "hybrid" }
  /// Nil: each image keeps its kind of manifest.
  public var family: ManifestFamily? { nil }
  /// A tar with one time for all members.
  public var container: Container { .archive(TarStyle(fileMode: 0o644, isTimed: true)) }
  /// Any number of images.
  public var severalImages: SeveralImages { .always }
  /// Names in the index and in `manifest.json`.
  public var holdsNames: Bool { true }
  /// True: loaders match the layers of `manifest.json` with the config.
  public var needsDiffIDs: Bool { true }
  /// Plain layers by default: old loaders of `manifest.json` read no others, and loaders keep them as they are.
  public var compression: FormatCompression { .onRequest }

  /// The blobs, the index, `manifest.json` and the marker.
  public func entries(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry] {
    let index = try OCILayout.index(of: images, .everyLoader) { OCIIndex() }
    let manifest = Entry.deferred(name: ArchiveManifest.file) { written throws(Failure) in
      var manifest = ArchiveManifest()
      for image in images {
        let layers = try written.layers(of: image).map { OCILayout.path(of: $0.digest) }
        manifest.add(image, config: OCILayout.path(of: image.config.digest), layers: layers)
      }
      return (ArchiveManifest.file, manifest.encoded)
    }
    return OCILayout.blobs(of: images, in: context) + [index, manifest, OCILayout.markerEntry]
  }

  /// The image's manifest with the written layers.
  public func manifest(of image: FormatImage, layers: [WrittenLayer]) throws(Failure) -> Blob? {
    try rewrittenManifest(of: image, layers: layers)
  }
}
