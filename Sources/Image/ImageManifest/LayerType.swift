import ImageModel

extension MediaType {
  /// The suffix of a compressed layer's type: `gzip` in OCI's `…tar+gzip` and Docker's `…tar.gzip`; nil for a
  /// plain tar.
  public var compressionSuffix: String? {
    guard let last = description.split(whereSeparator: { $0 == "+" || $0 == "." }).last else { return nil }
    return last == "tar" ? nil : String(last)
  }

  /// An OCI layer compressed with zstd.
  public static let ociLayerZstd = MediaType("application/vnd.oci.image.layer.v1.tar+zstd")
  static let ociForeignLayer = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar")
  static let ociForeignLayerGzip = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")
  static let ociForeignLayerZstd = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd")
  static let dockerLayerZstd = MediaType("application/vnd.docker.image.rootfs.diff.tar.zstd")
  static let dockerForeignLayer = MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar")
  static let dockerForeignLayerGzip = MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")
}

extension Layer {
  /// The media type suffix of the blob's compression; nil if the blob is the plain tar, or if there is none.
  public var blobSuffix: String? {
    guard let blob, blob.digest != diffID else { return nil }
    return blob.mediaType.compressionSuffix
  }
}

/// A kind of layer, which has a media type for each format and compression.
///
/// Source: containers/image, manifest/oci.go and docker_schema2.go (compression sets), internal/image/oci.go
/// and docker_schema2.go (conversion tables).
enum LayerType: CaseIterable {
  /// Layers that may be distributed freely.
  case ordinary
  /// Layers that their licence ties to the servers of their owner.
  case foreign

  /// The kind of layer of a media type in a format; nil if it is not the type of a layer.
  init?(_ type: MediaType, in family: ManifestFamily) {
    let kind = LayerType.allCases.first { kind in
      [nil, "gzip", "zstd"].contains { kind.mediaType($0, in: family) == type }
    }
    // Docker's type for zstd occurs in manifests, but is never written.
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

  /// The media type of a compressed tar, or of the plain tar without a compression; nil if the format has none,
  /// as Docker's for zstd.
  func mediaType(_ compression: String?, in family: ManifestFamily) -> MediaType? {
    guard let compression else { return plain(in: family) }
    switch family {
    case .oci: return MediaType("\(plain(in: family))+\(compression)")
    case .docker: return compression == "zstd" ? nil : MediaType("\(plain(in: family)).\(compression)")
    }
  }
}
