import Diagnostics
import ImageModel

/// The descriptors in an OCI image index or a Docker manifest list, all checked.
///
/// - Throws: A ``Diagnostics/Failure`` of the kind `badData`: malformed JSON, repeated member names, a text that is
///   no list, and descriptors without a SHA-256 digest or with a negative size.
public func listedManifests(parsing bytes: [UInt8]) throws(Failure) -> [Descriptor] {
  try ListContents(parsing: bytes, isTyped: true).descriptors()
}

extension MediaType {
  /// Whether layers of images have this type, plain or compressed, in any format.
  public var isLayer: Bool { ManifestFamily.allCases.contains { LayerType(self, in: $0) != nil } }
  /// Whether it is the type of the config of an image.
  public var isImageConfig: Bool { self == .ociConfig || self == .dockerConfig }
  /// Whether it is the type of a list of manifests.
  public var isList: Bool { self == .ociIndex || self == .dockerManifestList }
}
