/// The platform of an image: operating system, architecture, and the architecture's variant.
public struct Platform: Hashable, Sendable {
  /// The operating system, as Go names it: `linux`.
  public var os: String
  /// The architecture, as Go names it: `amd64`, `arm64`.
  public var architecture: String
  /// The variant of the architecture: `v7`, `v8`; empty if there is none.
  public var variant: String

  /// Creates a platform from its three parts.
  public init(os: String, architecture: String, variant: String = "") {
    self.os = os
    self.architecture = architecture
    self.variant = variant
  }
}

extension Platform: CustomStringConvertible {
  /// The platform as `os/architecture` or `os/architecture/variant`.
  public var description: String {
    variant.isEmpty ? "\(os)/\(architecture)" : "\(os)/\(architecture)/\(variant)"
  }
}
