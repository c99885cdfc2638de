import Digests
import ImageModel

/// A reference from a manifest to a blob: media type, digest, size, and optional properties.
///
/// Docker's descriptors have the first three and `urls` only.
/// Source: OCI image-spec v1.1, descriptor.md.
public struct Descriptor: Hashable, Sendable {
  /// The media type of the blob; empty if the manifest has none.
  public var mediaType: MediaType
  /// The SHA-256 of the blob.
  public var digest: Digest
  /// The length of the blob in bytes.
  public var size: UInt64
  /// Other locations of the blob.
  public var urls: [String]
  /// Annotations, in byte order of their keys.
  public var annotations: [Annotation]
  /// The blob itself in base64, empty if it is not embedded.
  public var data: String
  /// The platform of the blob.
  public var platform: DescriptorPlatform?
  /// The kind of artifact the blob describes, empty if it is none.
  public var artifactType: String

  /// Whether the manifest has an empty map of annotations, which is not written again.
  var hasEmptyAnnotations: Bool

  /// Creates a descriptor with the required properties only.
  public init(mediaType: MediaType, digest: Digest, size: UInt64) {
    self.mediaType = mediaType
    self.digest = digest
    self.size = size
    urls = []
    annotations = []
    hasEmptyAnnotations = false
    data = ""
    platform = nil
    artifactType = ""
  }
}

/// One annotation of a manifest or descriptor.
///
/// Source: OCI image-spec v1.1, annotations.md.
public struct Annotation: Hashable, Sendable {
  /// The name of the annotation.
  public var key: String
  /// Its text.
  public var value: String

  /// Creates an annotation.
  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// The platform in a descriptor, with the fields that ``ImageModel/Platform`` leaves out.
///
/// Source: OCI image-spec v1.1, descriptor.md and image-index.md, "platform".
public struct DescriptorPlatform: Hashable, Sendable {
  /// Operating system, architecture and variant.
  public var platform: Platform
  /// The version of the operating system, empty if it does not matter.
  public var osVersion: String
  /// Required features of the operating system.
  public var osFeatures: [String]
}
