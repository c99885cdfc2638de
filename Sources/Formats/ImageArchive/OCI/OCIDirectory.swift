import Diagnostics
import Digests
import ImageManifest
import ImageModel
import POSIX

/// The oci-dir format: an OCI layout as a directory, new or added to.
///
/// Source: containers/image, oci/layout.
public enum OCIDirectory {
  /// Writes an image; in an existing layout the blobs come first and the index last.
  ///
  /// - Throws: A ``Failure``; the directory is then what it was before.
  public static func write(
    _ image: ArchiveImage, compression: LayerCompression, to target: ArchiveTarget
  ) throws(Failure) -> WrittenArchive {
    guard let path = target.path else {
      throw Failure(.usage, "oci-dir", "a directory cannot be written to standard output (use -o)")
    }
    _ = try OCILayout.names(of: image)
    let directory = try DirectoryOutput(
      path, force: target.force, synchronize: target.synchronize,
      isOurs: { $0.appending(OCILayout.marker).exists || $0.appending(OCILayout.index).exists })
    var index = OCIIndex()
    if let existing = try directory.existingFile(OCILayout.index, limit: Manifest.maximumSize) {
      index = try OCIIndex(parsing: existing)
    }
    try directory.makeDirectory(OCILayout.blobs)
    try directory.makeDirectory(OCILayout.sha256)
    let written = try DirectoryLayers(in: directory, compression, name: OCILayout.path(of:))
      .write(image.layers, threads: target.threads)
    let manifest = try Manifest(parsing: image.manifest.bytes).replacingLayers(written)
    try directory.write(OCILayout.path(of: image.config.digest), image.config.bytes)
    try directory.write(OCILayout.path(of: manifest.digest), manifest.bytes)
    try OCILayout.add(image, manifest: manifest, to: &index)
    // A layout that is added to keeps its own marker, so that it is what it was if a later step fails.
    if !directory.hasFile(OCILayout.marker) {
      try directory.write(OCILayout.marker, OCILayout.markerContents)
    }
    try directory.finish(OCILayout.index, index.encoded)
    return WrittenArchive(output: nil, images: [WrittenImage(manifest: manifest, layers: written)])
  }
}
