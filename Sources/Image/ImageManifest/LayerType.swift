import ImageModel

extension MediaType {
  static let ociLayerZstd = MediaType("application/vnd.oci.image.layer.v1.tar+zstd")
  static let ociForeignLayer = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar")
  static let ociForeignLayerGzip = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")
  static let ociForeignLayerZstd = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd")
  static let dockerLayerZstd = MediaType("application/vnd.docker.image.rootfs.diff.tar.zstd")
  static let dockerForeignLayer = MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar")
  static let dockerForeignLayerGzip = MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")
}

/// How the tar of a layer is encoded in a blob.
public enum LayerEncoding: String, Hashable, Sendable, CaseIterable {
  /// The tar itself.
  case plain
  /// gzip (RFC 1952).
  case gzip
  /// Zstandard (RFC 8878).
  case zstd
}

/// A kind of layer, which has a media type for each format and encoding.
///
/// Source: containers/image, manifest/oci.go and docker_schema2.go (compression sets), internal/image/oci.go and
/// docker_schema2.go (conversion tables).
enum LayerType: CaseIterable {
  /// Layers that anyone may pass on.
  case ordinary
  /// Layers whose licence ties them to the servers of their owner.
  case foreign

  /// The kind of layer that a media type of one format means; nil if the type is not one of a layer.
  init?(_ type: MediaType, in family: ManifestFamily) {
    let kind = LayerType.allCases.first { kind in
      LayerEncoding.allCases.contains { kind.mediaType($0, in: family) == type }
    }
    // Docker's type for zstd occurs in manifests, though nothing is written with it.
    let isDockerZstd = family == .docker && type == .dockerLayerZstd
    guard let kind = isDockerZstd ? .ordinary : kind else { return nil }
    self = kind
  }

  /// The media type of the plain tar.
  func plain(in family: ManifestFamily) -> MediaType {
    switch (family, self) {
    case (.oci, .ordinary): .ociLayer
    case (.oci, .foreign): .ociForeignLayer
    case (.docker, .ordinary): .dockerLayer
    case (.docker, .foreign): .dockerForeignLayer
    }
  }

  /// The media type for an encoding; nil where the format does not support it, as Docker's does not support zstd.
  func mediaType(_ encoding: LayerEncoding, in family: ManifestFamily) -> MediaType? {
    switch (family, self, encoding) {
    case (_, _, .plain): plain(in: family)
    case (.oci, .ordinary, .gzip): .ociLayerGzip
    case (.oci, .ordinary, .zstd): .ociLayerZstd
    case (.oci, .foreign, .gzip): .ociForeignLayerGzip
    case (.oci, .foreign, .zstd): .ociForeignLayerZstd
    case (.docker, .ordinary, .gzip): .dockerLayerGzip
    case (.docker, .foreign, .gzip): .dockerForeignLayerGzip
    case (.docker, _, .zstd): nil
    }
  }
}
