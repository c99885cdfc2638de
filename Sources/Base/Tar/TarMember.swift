/// A member of a tar archive, as its headers describe it.
public struct TarMember: Equatable, Sendable {
  /// The kinds of members.
  public enum Kind: Equatable, Sendable {
    /// A regular file.
    case file
    /// A directory.
    case directory
    /// A symbolic link.
    case symbolicLink
    /// A link to another member.
    case hardLink
    /// A regular file of which the archive has only some parts, in any of GNU's formats.
    case sparse
    /// Any other type, by its flag: a device, a FIFO, a part of a file.
    case other(UInt8)
  }

  /// The name as in the archive, in no particular encoding.
  public let name: [UInt8]
  /// The target of a link as in the archive; empty for other members.
  public let linkTarget: [UInt8]
  /// What the member is.
  public let kind: Kind
  /// The number of bytes of data in the archive; 0 for directories, links, devices and FIFOs.
  public let size: UInt64
  /// The offset of the data from the start of the source.
  public let offset: UInt64

  /// The name as ``tarName(cleaning:)`` gives it; nil if it leads above the root.
  public var cleanName: [UInt8]? { tarName(cleaning: name) }

  /// The clean name of a link's target; nil for other members, and if it leads above the root.
  ///
  /// The target of a symbolic link starts at the link's folder, that of a hard link at the root.
  public var cleanTarget: [UInt8]? {
    switch kind {
    case .hardLink: return tarName(cleaning: linkTarget)
    case .symbolicLink:
      if linkTarget.first == slash { return tarName(cleaning: linkTarget) }
      let folder = name.lastIndex(of: slash).map { name[...$0] } ?? []
      return tarName(cleaning: folder + linkTarget)
    default: return nil
    }
  }
}

/// A name in an archive in its shortest form, by text alone; nil if `..` leads above the root.
///
/// Has no slash at its ends, no double slashes, no `.` and no `..`. The root is the empty name.
public func tarName(cleaning name: some Sequence<UInt8>) -> [UInt8]? {
  var parts: [ArraySlice<UInt8>] = []
  for part in Array(name).split(separator: slash) where !part.elementsEqual([dot]) {
    guard part.elementsEqual([dot, dot]) else {
      parts.append(part)
      continue
    }
    if parts.popLast() == nil { return nil }
  }
  return Array(parts.joined(separator: [slash]))
}

private let slash = UInt8(ascii: "/")
private let dot = UInt8(ascii: ".")
