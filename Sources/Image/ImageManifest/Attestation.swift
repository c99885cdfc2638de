import ImageModel

extension Descriptor {
  /// Whether the manifest holds statements about another one, such as provenance of BuildKit.
  ///
  /// Source: moby, daemon/containerd/image_manifest.go.
  public var isAttestation: Bool {
    annotations.contains { $0.key == "vnd.docker.reference.type" }
      || platform.map { $0.platform.os == "unknown" && $0.platform.architecture == "unknown" } ?? false
  }
}
