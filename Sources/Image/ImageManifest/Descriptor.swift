import Diagnostics
import Digests
import ImageModel

/// A reference from a manifest to a blob: what it is, which one, how long, and what else is said about it.
///
/// Docker's descriptors have the first three and `urls` only.
/// Source: OCI image-spec v1.1, descriptor.md.
public struct Descriptor: Hashable, Sendable {
  /// What the blob is; empty where the manifest does not say.
  public var mediaType: MediaType
  /// The SHA-256 of the blob.
  public var digest: Digest
  /// The length of the blob in bytes.
  public var size: UInt64
  /// Where else the blob may be had.
  public var urls: [String]
  /// Annotations, in the order of their keys' bytes.
  public var annotations: [Annotation]
  /// The blob itself in base64, empty if it is not embedded.
  public var data: String
  /// What the blob runs on.
  public var platform: DescriptorPlatform?
  /// The kind of artifact the blob describes, empty if it is none.
  public var artifactType: String

  /// Whether the manifest has a map of annotations with nothing in it, which is written no more.
  var hasEmptyAnnotations: Bool

  /// Creates a descriptor with nothing but what is necessary.
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

  /// Takes a descriptor out of a decoded manifest; `place` names it in errors.
  init(_ value: GoValue, place: String) throws(Failure) {
    guard let digest = Digest(utf8: value["digest"].bytes[...]) else {
      throw .badData("invalid digest \(quoted(value["digest"].text)) of \(place)")
    }
    guard let size = UInt64(exactly: value["size"].number) else {
      throw .badData("invalid size \(value["size"].number) of \(place)")
    }
    self.init(mediaType: MediaType(value["mediaType"].text), digest: digest, size: size)
    urls = value["urls"].elements.map(\.text)
    annotations = Annotation.list(value["annotations"])
    hasEmptyAnnotations = value["annotations"].entries?.isEmpty ?? false
    data = value["data"].text
    platform = value["platform"].isThere ? DescriptorPlatform(value["platform"]) : nil
    artifactType = value["artifactType"].text
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

  /// The annotations of a decoded map, in the order of their keys' bytes.
  static func list(_ map: GoValue) -> [Annotation] {
    (map.entries ?? []).map { entry in
      Annotation(key: String(decoding: entry.key, as: UTF8.self), value: entry.value.text)
    }
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
  /// Features of the operating system that are needed.
  public var osFeatures: [String]

  init(_ value: GoValue) {
    platform = Platform(
      os: value["os"].text, architecture: value["architecture"].text, variant: value["variant"].text)
    osVersion = value["os.version"].text
    osFeatures = value["os.features"].elements.map(\.text)
  }
}
