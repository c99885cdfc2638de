import ImageModel

extension MediaType {
  /// The suffix of a compressed layer's type: `gzip` in OCI's `…tar+gzip` and Docker's `…tar.gzip`; nil for a plain tar.
  public var compressionSuffix: String? {
    guard let tar = description.split(separator: "/").last, let range = tar.firstRange(of: "tar") else {
      return nil
    }
    let suffix = tar[range.upperBound...].dropFirst()
    return suffix.isEmpty ? nil : String(suffix)
  }

  static let ociLayerZstd = MediaType("application/vnd.oci.image.layer.v1.tar+zstd")
  static let ociForeignLayer = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar")
  static let ociForeignLayerGzip = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")
  static let ociForeignLayerZstd = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd")
  static let dockerLayerZstd = MediaType("application/vnd.docker.image.rootfs.diff.tar.zstd")
  static let dockerForeignLayer = MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar")
  static let dockerForeignLayerGzip = MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")
}

/// The media types of one kind of layer: the same tar, plain and compressed, in both formats.
///
/// Source: containers/image, manifest/oci.go and docker_schema2.go (compression sets), internal/image/oci.go and
/// docker_schema2.go (conversion tables). Docker has no compressed foreign layers but gzip.
struct LayerType: Sendable {
  private let oci: [MediaType]
  private let docker: [MediaType]

  /// Layers that anyone may pass on.
  private static let ordinary = LayerType(
    oci: [.ociLayer, .ociLayerGzip, .ociLayerZstd], docker: [.dockerLayer, .dockerLayerGzip, .dockerLayerZstd])
  /// Layers that their owner's licence ties to his servers.
  private static let foreign = LayerType(
    oci: [.ociForeignLayer, .ociForeignLayerGzip, .ociForeignLayerZstd],
    docker: [.dockerForeignLayer, .dockerForeignLayerGzip])

  /// The kind of layer that a media type of one format stands for; nil if the type is not one of a layer.
  init?(_ type: MediaType, in family: ManifestFamily) {
    let kind = [LayerType.ordinary, .foreign].first { $0.types(in: family).contains(type) }
    guard let kind else { return nil }
    self = kind
  }

  private init(oci: [MediaType], docker: [MediaType]) {
    self.oci = oci
    self.docker = docker
  }

  /// The media type of the plain tar.
  func plain(in family: ManifestFamily) -> MediaType { types(in: family)[0] }

  /// The media type of the tar in a compression with this suffix; nil for the plain tar.
  func compressed(_ suffix: String?, in family: ManifestFamily) -> MediaType {
    let plain = plain(in: family)
    guard let suffix else { return plain }
    return MediaType("\(plain)\(family == .oci ? "+" : ".")\(suffix)")
  }

  private func types(in family: ManifestFamily) -> [MediaType] {
    switch family {
    case .oci: oci
    case .docker: docker
    }
  }
}
