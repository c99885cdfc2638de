/// One member of a layer's tar: its kind, name and header fields.
///
/// Writes any values, including those that a careful archiver would not write. Headers are ustar, or GNU if a
/// GNU long name or a base-256 number is needed.
public struct TarMember: Sendable {
  /// The kind of a member; only files have a body.
  public enum Kind: Sendable {
    /// A regular file with its content.
    case file([UInt8])
    /// A directory; by custom its name ends in `/`.
    case directory
    /// A symbolic link to a target.
    case symlink([UInt8])
    /// A hard link to an earlier member.
    case hardLink([UInt8])
    /// A character device; exists in the header only, so no privilege is needed.
    case characterDevice(major: Int, minor: Int)
    /// A named pipe; exists in the header only.
    case fifo
    /// A PAX global header with its records.
    case globalHeader([PAXRecord])
  }

  /// How a name or link target of more than 100 bytes is written.
  public enum LongNames: Sendable {
    /// GNU `L` and `K` members before the header.
    case gnu
    /// `path` and `linkpath` records of a PAX header.
    case pax
    /// The prefix field of ustar; the name must have a `/` in the right place.
    case ustar
  }

  /// The name, exactly as written to the tar.
  public var name: [UInt8]
  /// The kind of the member.
  public var kind: Kind
  /// The permission bits.
  public var mode: Int
  /// The owner's number; beyond seven octal digits it is written in base 256.
  public var uid = 0
  /// The group's number.
  public var gid = 0
  /// Seconds since 1970; negative values are written in base 256.
  public var mtime = 1_700_000_000
  /// The owner's and the group's name.
  public var owner = (user: "root", group: "root")
  /// How a long name is written.
  public var longNames = LongNames.gnu
  /// Other records of a PAX header before the member.
  public var paxRecords: [PAXRecord] = []
  /// The size field of a member without a body: real archives have such sizes on hard links.
  public var sizeField: Int?

  /// A member with the usual mode of its kind and fixed time and owner.
  public init(_ name: [UInt8], _ kind: Kind) {
    self.name = name
    self.kind = kind
    switch kind {
    case .directory: mode = 0o755
    case .symlink: mode = 0o777
    default: mode = 0o644
    }
  }

  /// A member whose name is text.
  public init(_ name: String, _ kind: Kind) {
    self.init(Array(name.utf8), kind)
  }

  /// The body: a file's content, nothing for other kinds.
  public var content: [UInt8] {
    if case .file(let content) = kind { content } else { [] }
  }
}

/// A `key=value` record of a PAX extended header; values need not be text.
public struct PAXRecord: Sendable {
  /// The keyword.
  public var key: String
  /// The value's bytes.
  public var value: [UInt8]

  /// Creates a record.
  public init(_ key: String, _ value: [UInt8]) {
    self.key = key
    self.value = value
  }

  /// The record with its own decimal length in front, as POSIX pax writes it.
  var bytes: [UInt8] {
    let tail = Array(" \(key)=".utf8) + value + [0x0A]
    var length = tail.count
    while String(length).utf8.count + tail.count != length { length = String(length).utf8.count + tail.count }
    return Array(String(length).utf8) + tail
  }
}
