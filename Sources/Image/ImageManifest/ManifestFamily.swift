import ImageModel

/// The two kinds of manifests that are written, by the names that options and messages have for them.
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
