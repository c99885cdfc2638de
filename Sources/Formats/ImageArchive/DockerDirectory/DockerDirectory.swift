import Diagnostics
import Digests
import ImageManifest
import ImageModel

/// The docker-dir format: a directory with a Docker manifest and its blobs, named by their digests.
///
/// Source: containers/image, directory (the `dir:` transport).
public enum DockerDirectory {
  /// What stands in the file `version`.
  static let version = Array("Directory Transport Version: 1.1\n".utf8)

  /// Writes an image.
  ///
  /// - Throws: A ``Failure``; nothing is left of the directory then.
  public static func write(
    _ image: ArchiveImage, compression: LayerCompression, to target: ArchiveTarget
  ) throws(Failure) -> WrittenArchive {
    guard let path = target.path else {
      throw Failure(.usage, "docker-dir", "a directory cannot be written to standard output (use -o)")
    }
    let directory = try DirectoryOutput(
      path, force: target.force, synchronize: target.synchronize, isOurs: { _ in false })
    let written = try DirectoryLayers(in: directory, compression, name: \.hex)
      .write(image.layers, threads: target.threads)
    let manifest = try Manifest(parsing: image.manifest.bytes).replacingLayers(written)
    try directory.write(image.config.digest.hex, image.config.bytes)
    try directory.write("manifest.json", manifest.bytes)
    try directory.finish("version", version)
    return WrittenArchive(output: nil, images: [WrittenImage(manifest: manifest, layers: written)])
  }
}
