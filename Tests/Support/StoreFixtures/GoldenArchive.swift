/// An archive that podman 4.3.1 makes of images in the ``GoldenStore``.
public struct GoldenArchive: Sendable {
  /// What is special about it.
  public let title: String
  /// The arguments of `podman save`; several need `-m`.
  public let images: [String]
  /// The SHA-256 of the docker-archive, in hexadecimal.
  public let sha256: String
}
