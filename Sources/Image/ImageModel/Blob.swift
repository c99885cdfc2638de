import Digests

/// Bytes identified by their digest, with the media type they are published under.
///
/// The bytes are never re-encoded: the digest is always that of exactly these bytes.
public struct Blob: Hashable, Sendable {
  /// The media type of the bytes.
  public let mediaType: MediaType
  /// The SHA-256 of the bytes.
  public let digest: Digest
  /// The bytes.
  public let bytes: [UInt8]

  /// Creates a blob and computes its digest.
  public init(mediaType: MediaType, bytes: [UInt8]) {
    self.mediaType = mediaType
    self.bytes = bytes
    digest = SHA256.digest(of: bytes)
  }
}
