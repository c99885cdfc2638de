import Diagnostics
import Digests
import ImageManifest
import ImageModel

/// The docker-dir format: a directory with a Docker manifest and its blobs, named by their digests.
///
/// Source: containers/image, directory (the `dir:` transport).
public enum DockerDirectory {
  /// Writes an image.
  ///
  /// - Throws: A ``Failure``; nothing is left of the directory then.
  public static func write(
    _ image: ArchiveImage, compression: LayerCompression, to target: ArchiveTarget
  ) throws(Failure) -> WrittenArchive {
    guard let path = target.path else {
      throw Failure(.usage, "docker-dir", "a directory cannot be written to standard output (use -o)")
    }
    let layers = try LayerWriter(compression)
    let directory = try DirectoryOutput(
      path, force: target.force, synchronize: target.synchronize, isOurs: { _ in false })
    var written: [WrittenLayer] = []
    for layer in image.layers {
      if let known = layers.result(for: layer) {
        written.append(known)
        continue
      }
      let file = try directory.newFile(layer.layer.diffID.hex)
      let result = try layers.write(layer) { bytes throws(Failure) in try file.write(bytes) }
      try file.finish(as: result.digest.hex)
      written.append(result)
    }
    let manifest = try Manifest(parsing: image.manifest.bytes).replacingLayers(written)
    try directory.write(image.config.digest.hex, image.config.bytes)
    try directory.write("manifest.json", manifest.bytes)
    try directory.finish("version", Array("Directory Transport Version: 1.1\n".utf8))
    return WrittenArchive(output: nil, images: [WrittenImage(manifest: manifest, layers: written)])
  }
}
