import Digests

/// Bytes whose digest is their identity, with the type they are published under.
///
/// The bytes are carried, never re-encoded: the digest is always that of exactly these bytes.
public struct Blob: Hashable, Sendable {
  /// What the bytes are.
  public let mediaType: MediaType
  /// The SHA-256 of the bytes.
  public let digest: Digest
  /// The bytes.
  public let bytes: [UInt8]

  /// A blob of bytes whose digest is computed here.
  public init(mediaType: MediaType, bytes: [UInt8]) {
    self.mediaType = mediaType
    self.bytes = bytes
    digest = SHA256.digest(of: bytes)
  }
}
