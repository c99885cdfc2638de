import ImageModel

/// The two kinds of manifests that img writes, named as in options and messages.
public enum ManifestFamily: String, Hashable, Sendable, CaseIterable {
  /// OCI image manifests.
  case oci
  /// Docker manifests of version 2, schema 2.
  case docker

  /// The media type of manifests of this family.
  public var manifestType: MediaType {
    switch self {
    case .oci: .ociManifest
    case .docker: .dockerManifest
    }
  }
}
