import Diagnostics
import ImageModel

extension Manifest {
  /// The manifest of an image that has none, as in a docker-archive: that of containers/image, byte for byte.
  ///
  /// It gives each layer the type of a gzipped one, although digest and size are those of the uncompressed tar.
  /// Source: containers/image, docker/internal/tarfile/src.go (`GetManifest`).
  ///
  /// - Throws: A failure of the kind `badData` for a layer of unknown size.
  public static func generated(config: [UInt8], layers: [Layer]) throws(Failure) -> Manifest {
    let config = Descriptor(Blob(mediaType: .dockerConfig, bytes: config))
    let descriptors = try layers.map { layer throws(Failure) in try Descriptor(.dockerLayerGzip, layer) }
    return try Manifest(parsing: DockerManifest(config: config, layers: descriptors).encoded())
  }
}
