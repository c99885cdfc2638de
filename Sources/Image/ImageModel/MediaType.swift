/// A media type of image data, as written in descriptors.
///
/// Types unknown to img stay as they are.
/// Sources: OCI image-spec v1.1, media-types.md; distribution, manifest-v2-2.md.
public struct MediaType: Hashable, Sendable, CustomStringConvertible {
  /// The text of the media type.
  public let description: String

  /// Creates a media type from any text.
  public init(_ text: String) {
    description = text
  }
}

extension MediaType {
  /// An OCI image manifest.
  public static let ociManifest = MediaType("application/vnd.oci.image.manifest.v1+json")
  /// An OCI image index.
  public static let ociIndex = MediaType("application/vnd.oci.image.index.v1+json")
  /// An OCI image configuration.
  public static let ociConfig = MediaType("application/vnd.oci.image.config.v1+json")
  /// An uncompressed OCI layer.
  public static let ociLayer = MediaType("application/vnd.oci.image.layer.v1.tar")
  /// A gzipped OCI layer.
  public static let ociLayerGzip = MediaType("application/vnd.oci.image.layer.v1.tar+gzip")

  /// A Docker manifest, version 2 schema 2.
  public static let dockerManifest = MediaType("application/vnd.docker.distribution.manifest.v2+json")
  /// A Docker manifest list.
  public static let dockerManifestList = MediaType(
    "application/vnd.docker.distribution.manifest.list.v2+json")
  /// A Docker manifest, version 2 schema 1, unsigned.
  public static let dockerSchema1 = MediaType("application/vnd.docker.distribution.manifest.v1+json")
  /// A Docker manifest, version 2 schema 1, signed.
  public static let dockerSchema1Signed = MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws")
  /// A Docker image configuration.
  public static let dockerConfig = MediaType("application/vnd.docker.container.image.v1+json")
  /// An uncompressed Docker layer.
  public static let dockerLayer = MediaType("application/vnd.docker.image.rootfs.diff.tar")
  /// A gzipped Docker layer.
  public static let dockerLayerGzip = MediaType("application/vnd.docker.image.rootfs.diff.tar.gzip")
}
