import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource

/// The entries of an OCI layout, for directory and archive.
///
/// Source: OCI image-spec v1.1, image-layout.md.
enum OCILayout {
  /// The file of a blob.
  @Sendable static func path(of digest: Digest) -> String { "blobs/sha256/\(digest.hex)" }
  /// The file that lists the manifests.
  static let index = "index.json"
  /// The file that marks a directory as a layout.
  static let marker = "oci-layout"
  /// The marker with its contents.
  static let markerEntry = Entry.file(marker, Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))

  /// The directories, layers, configs, manifests and lists of images, each once.
  static func blobs(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry] {
    var entries = [Entry.directory("blobs/"), .directory("blobs/sha256/")]
    entries += images.writtenLayers.filter { context.present[$0.layer] == nil }.map {
      Entry.layer($0, named: path(of:))
    }
    var configs: Set<Digest> = []
    var manifests: Set<Blob> = []
    for item in NamedManifest.all(of: images) {
      for image in item.images {
        if configs.insert(image.config.digest).inserted {
          entries.append(.file(image.config, named: path(of:)))
        }
        let sketch = try rewrittenManifest(of: image, layers: image.layers.map(context.sketch))
        if manifests.insert(sketch).inserted { entries.append(blob(of: NamedManifest(image))) }
      }
      guard item.list != nil else { continue }
      let sketch = try manifest(of: item) { $0.layers.map(context.sketch) }
      if manifests.insert(sketch).inserted { entries.append(blob(of: item)) }
    }
    return entries
  }

  /// The file of a manifest or a list.
  private static func blob(of item: NamedManifest) -> Entry {
    .deferred(name: nil) { written throws(Failure) in
      let blob = try manifest(of: item) { image throws(Failure) in try written.layers(of: image) }
      return (path(of: blob.digest), blob.bytes)
    }
  }

  /// The manifest of an image, or the list of several, with their written layers.
  static func manifest(
    of item: NamedManifest, layers: (FormatImage) throws(Failure) -> [WrittenLayer]
  ) throws(Failure) -> Blob {
    item.blob(
      try item.images.map { image throws(Failure) in
        let layers = try layers(image)
        return (try rewrittenManifest(of: image, layers: layers), layers)
      })
  }

  /// Adds the manifests of images, or their lists, to an index, once for each name; the entry reads the index when it is written.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for names that an OCI layout cannot hold.
  static func index(
    of images: [FormatImage], _ style: NameStyle,
    addedTo existing: @escaping @Sendable () throws(Failure) -> OCIIndex
  ) throws(Failure) -> Entry {
    let items = NamedManifest.all(of: images)
    let names = try style.names(of: items)
    return .deferred(name: OCILayout.index) { written throws(Failure) in
      var index = try existing()
      for (item, names) in zip(items, names) {
        let manifest = try manifest(of: item) { image throws(Failure) in try written.layers(of: image) }
        if names.isEmpty { index.add(manifest, name: nil) }
        for name in names { index.add(manifest, name: name) }
      }
      return (OCILayout.index, index.encoded)
    }
  }
}
