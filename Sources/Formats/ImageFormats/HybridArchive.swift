import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource

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
  /// Lists in the index.
  public var holdsLists: Bool { true }
  /// True: loaders match the layers of `manifest.json` with the config.
  public var needsDiffIDs: Bool { true }
  /// Plain layers by default: old loaders of `manifest.json` read no others, and loaders keep them as they are.
  public var compression: FormatCompression { .onRequest }

  /// The blobs, the index, `manifest.json` and the marker.
  public func entries(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry] {
    let index = try OCILayout.index(of: images, .everyLoader) { OCIIndex() }
    let manifest = Entry.deferred(name: ArchiveManifest.file) { written throws(Failure) in
      let manifest = try archiveManifest(of: images) { image throws(Failure) in
        try written.layers(of: image).map(\.digest)
      }
      return (ArchiveManifest.file, manifest)
    }
    return try OCILayout.blobs(of: images, in: context) + [index, manifest, OCILayout.markerEntry]
  }

  /// The bytes of `manifest.json` for images with these written layers; it has one image of each list.
  private func archiveManifest<Problem: Error>(
    of images: [FormatImage], layers: (FormatImage) throws(Problem) -> [Digest]
  ) throws(Problem) -> [UInt8] {
    var manifest = ArchiveManifest()
    for image in NamedManifest.all(of: images).map(\.firstChoice) {
      manifest.add(
        image, config: OCILayout.path(of: image.config.digest),
        layers: try layers(image).map(OCILayout.path(of:)))
    }
    return manifest.encoded
  }

  /// podman reads `manifest.json` if there are several names, all others one part in any case.
  public func loads(_ image: FormatImage, _ manifest: Blob?, isAlone: Bool) -> [LoadedImage] {
    guard let manifest else { return [] }
    // Of a list, manifest.json has one image.
    let isInArchive = image.list?.isFirstChoice ?? true
    let podman: [LoadedImage] =
      isAlone ? .podman(image, manifest) : isInArchive ? .podmanFromArchive(image) : []
    return podman + (isInArchive ? .docker(image) : []) + .containerd(manifest.digest)
  }

  /// Some names are not written, and podman limits the size of `manifest.json`.
  public func notes(on images: [FormatImage], in context: FormatContext) -> [String] {
    var notes = NameStyle.everyLoader.notes(on: images)
    // Every digest has the same length.
    let size = archiveManifest(of: images) { $0.layers.map(\.layer.diffID) }.count
    if images.entryCount > 1, size > HybridArchive.maximumManifest {
      notes.append("podman cannot load it: manifest.json has \(size) bytes, more than 1 MiB")
    }
    if images.entryCount > 1, images.leaveLayersOut {
      notes.append(
        "podman load needs all layers of several images or names: load each with podman pull oci-archive:FILE:NAME"
      )
    }
    return notes + images.notesOnAbsentLayers
  }

  /// The longest `manifest.json` that podman reads, in bytes.
  ///
  /// Source: containers/image, internal/iolimits (`MaxTarFileManifestSize`).
  private static let maximumManifest = 1 << 20

  /// The image's manifest with the written layers.
  public func manifest(of image: FormatImage, layers: [WrittenLayer]) throws(Failure) -> Blob? {
    try rewrittenManifest(of: image, layers: layers)
  }
}
