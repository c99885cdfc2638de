import Diagnostics
import Digests
import ImageModel
import Tar

/// What a save would write, without writing it and without reading a layer.
public struct ArchivePlan: Sendable {
  /// A file of the output.
  public struct Member: Sendable {
    /// Its name; nil if that is a digest which only writing can tell.
    public let name: String?
    /// The length of its contents in bytes; nil if only writing can tell.
    public let size: UInt64?
    /// The diffID of the layer that it holds, if it holds one.
    public let layer: Digest?
    /// What a symbolic link points to.
    public let link: String?

    init(_ name: String?, size: UInt64?, layer: Digest? = nil, link: String? = nil) {
      self.name = name
      self.size = size
      self.layer = layer
      self.link = link
    }
  }

  /// The files in the order they are written; the name of a directory ends in a slash.
  public let members: [Member]
  /// The length of the output as a whole in bytes, of a directory that of its new files; nil if only writing can tell.
  public let size: UInt64?
  /// The most that a temporary file takes, in bytes.
  public let temporarySize: UInt64

  init(members: [Member], size: UInt64?, temporarySize: UInt64 = 0) {
    self.members = members
    self.size = size
    self.temporarySize = temporarySize
  }
}

extension DockerArchive {
  /// What ``write(_:to:)`` would write.
  public static func plan(_ images: [ArchiveImage]) throws(Failure) -> ArchivePlan {
    let members = try members(of: images)
    let end = UInt64(2 * TarHeader.blockSize)
    return ArchivePlan(
      members: members.map(\.planned), size: members.reduce(end) { $0 + $1.header.spaceInArchive })
  }
}

extension TarMember {
  fileprivate var planned: ArchivePlan.Member {
    var layer: Digest?
    if case .layer(let content) = content { layer = content.layer.diffID }
    return ArchivePlan.Member(header.name, size: header.size, layer: layer, link: header.linkTarget)
  }
}

extension TarHeader {
  /// The bytes that the member takes in an archive: header, data and padding.
  var spaceInArchive: UInt64 { UInt64(bytes.count) + size + UInt64(padding) }
}
