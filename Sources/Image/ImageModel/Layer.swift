import Digests

/// A layer as a store can deliver it: the uncompressed tar, named by its digest.
public struct Layer: Hashable, Sendable {
  /// The SHA-256 of the uncompressed tar.
  public let diffID: Digest
  /// The length of the uncompressed tar in bytes.
  public let size: UInt64

  /// Creates a layer from digest and size of its uncompressed tar.
  public init(diffID: Digest, size: UInt64) {
    self.diffID = diffID
    self.size = size
  }
}
