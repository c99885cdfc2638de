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

  /// The directories, layers, configs and manifests of images, each once.
  static func blobs(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry] {
    var entries = [Entry.directory("blobs/"), .directory("blobs/sha256/")]
    entries += images.writtenLayers.filter { context.present[$0.layer] == nil }.map {
      Entry.layer($0, named: path(of:))
    }
    var configs: Set<Digest> = []
    var manifests: Set<Blob> = []
    for image in images {
      if configs.insert(image.config.digest).inserted { entries.append(.file(image.config, named: path(of:))) }
      let sketch = try rewrittenManifest(of: image, layers: image.layers.map(context.sketch))
      guard manifests.insert(sketch).inserted else { continue }
      entries.append(
        .deferred(name: nil) { written throws(Failure) in
          let manifest = try rewrittenManifest(of: image, layers: written.layers(of: image))
          return (path(of: manifest.digest), manifest.bytes)
        })
    }
    return entries
  }

  /// Adds the manifests of images to an index, once for each name; the entry reads the index when it is written.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for names that an OCI layout cannot hold.
  static func index(
    of images: [FormatImage], _ style: NameStyle,
    addedTo existing: @escaping @Sendable () throws(Failure) -> OCIIndex
  ) throws(Failure) -> Entry {
    let names = try style.names(of: images)
    return .deferred(name: OCILayout.index) { written throws(Failure) in
      var index = try existing()
      for (image, names) in zip(images, names) {
        let manifest = try rewrittenManifest(of: image, layers: written.layers(of: image))
        if names.isEmpty { index.add(manifest, name: nil) }
        for name in names { index.add(manifest, name: name) }
      }
      return (OCILayout.index, index.encoded)
    }
  }
}
