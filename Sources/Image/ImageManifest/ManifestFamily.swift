import ImageModel

/// The two kinds of manifests that img writes, named as in options and messages.
public enum ManifestFamily: String, Hashable, Sendable, CaseIterable {
  /// OCI image manifests.
  case oci
  /// Docker manifests of version 2, schema 2.
  case docker

  /// Whether layers with the media type suffix of a compression can be described: Docker has no type for zstd.
  public func canDescribe(compression suffix: String) -> Bool {
    LayerType.ordinary.mediaType(suffix, in: self) != nil
  }

  /// Whether layers with the media type suffix of a compression, nil for plain tars, have a type in this family.
  public func hasType(forCompression suffix: String?) -> Bool {
    LayerType.ordinary.mediaType(suffix, in: self) != nil && [nil, "gzip", "zstd"].contains(suffix)
  }

  /// The media type of manifests of this family.
  public var manifestType: MediaType {
    switch self {
    case .oci: .ociManifest
    case .docker: .dockerManifest
    }
  }
}
