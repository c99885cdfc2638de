import ImageModel
import Tar

/// A member of an archive as it is planned: everything about it but the bytes of its layer.
struct TarMember: Sendable {
  /// What the member holds.
  enum Content: Sendable {
    /// Bytes that are known beforehand.
    case bytes([UInt8])
    /// The uncompressed tar of a layer.
    case layer(ArchiveLayer)
    /// Nothing: a directory or a link.
    case none
  }

  let header: TarHeader
  let content: Content

  /// The layer that the member holds, if it holds one.
  var layer: ArchiveLayer? { if case .layer(let layer) = content { layer } else { nil } }

  static func file(_ name: String, mode: UInt16, time: UInt32 = 0, _ bytes: [UInt8]) -> TarMember {
    let header = TarHeader(
      name: name, kind: .file(size: UInt64(bytes.count)), mode: mode, modificationTime: time)
    return TarMember(header: header, content: .bytes(bytes))
  }

  static func file(_ name: String, mode: UInt16, time: UInt32 = 0, _ layer: ArchiveLayer) -> TarMember {
    let header = TarHeader(name: name, kind: .file(size: layer.layer.size), mode: mode, modificationTime: time)
    return TarMember(header: header, content: .layer(layer))
  }
}
