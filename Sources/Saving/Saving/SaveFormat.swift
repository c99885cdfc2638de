import ImageManifest

/// The formats in which images are saved; their names are those of podman save.
public enum SaveFormat: String, Sendable, CaseIterable {
  /// One tar that `docker load` reads.
  case dockerArchive = "docker-archive"
  /// An OCI layout in a tar.
  case ociArchive = "oci-archive"
  /// An OCI layout as a directory.
  case ociDirectory = "oci-dir"
  /// A directory with a Docker manifest and its blobs.
  case dockerDirectory = "docker-dir"

  /// The kind of manifest that the format holds.
  public var family: ManifestFamily {
    switch self {
    case .dockerArchive, .dockerDirectory: .docker
    case .ociArchive, .ociDirectory: .oci
    }
  }
}
