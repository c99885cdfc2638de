import Digests

/// A layer of an image: the uncompressed tar, identified by its digest, and the blob that its source stores.
public struct Layer: Hashable, Sendable {
  /// The SHA-256 of the uncompressed tar.
  public let diffID: Digest
  /// The length of the uncompressed tar in bytes; nil if it is unknown until the blob is decompressed.
  public let size: UInt64?
  /// The blob, plain or compressed, that the source stores; nil if the source assembles the tar.
  public let blob: BlobDescriptor?

  /// Creates a layer from digest and size of its uncompressed tar.
  public init(diffID: Digest, size: UInt64?, blob: BlobDescriptor? = nil) {
    self.diffID = diffID
    self.size = size
    self.blob = blob
  }
}

/// The required properties of a reference to a blob: media type, digest and size.
///
/// Source: OCI image-spec v1.1, descriptor.md, "Properties".
public struct BlobDescriptor: Hashable, Sendable {
  /// The media type of the blob.
  public let mediaType: MediaType
  /// The SHA-256 of the blob.
  public let digest: Digest
  /// The length of the blob in bytes.
  public let size: UInt64

  /// Describes a blob.
  public init(mediaType: MediaType, digest: Digest, size: UInt64) {
    self.mediaType = mediaType
    self.digest = digest
    self.size = size
  }
}
