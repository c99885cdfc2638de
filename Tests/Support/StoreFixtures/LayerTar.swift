import Digests

/// The finished tar of a layer, and how it divides into headers and contents.
public struct LayerTar: Sendable {
  /// A part of the tar, as tar-split divides it.
  public enum Piece: Sendable {
    /// Headers, padding or the end of the archive.
    case segment([UInt8])
    /// The body of a member; `size` is its header's and differs from the content's only in odd archives.
    case file(name: [UInt8], size: Int, content: [UInt8])
  }

  /// The members in order.
  public let members: [TarMember]
  /// The parts in order.
  public let pieces: [Piece]
  /// The uncompressed tar.
  public let bytes: [UInt8]
  /// The digest of the uncompressed tar.
  public let diffID: Digest

  /// A tar of arbitrary bytes.
  public init(bytes: [UInt8]) {
    self.init(members: [], pieces: [.segment(bytes)])
  }

  init(members: [TarMember], pieces: [Piece]) {
    self.members = members
    self.pieces = pieces
    bytes = pieces.flatMap { piece in
      switch piece {
      case .segment(let bytes): bytes
      case .file(_, _, let content): content
      }
    }
    diffID = SHA256.digest(of: bytes)
  }
}
