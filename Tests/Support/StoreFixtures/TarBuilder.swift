/// Writes the tar of a layer, member after member; the same calls give the same bytes on every machine.
public struct TarBuilder: Sendable {
  private var pieces: [LayerTar.Piece] = []
  private var members: [TarMember] = []
  /// Bytes before the next member's body: padding and headers.
  private var pending: [UInt8] = []

  /// Starts an empty tar.
  public init() {}

  /// Adds any member.
  public mutating func add(_ member: TarMember) {
    let content = member.content
    let headers = member.headerBlocks
    pieces.append(.segment(pending + headers))
    pieces.append(.file(name: member.name, size: member.sizeField ?? content.count, content: content))
    // Headers are whole blocks; only the records of a global header are padded late, as in tar-split.
    pending = padding(after: headers.count + content.count)
    members.append(member)
  }

  /// Adds a regular file.
  public mutating func file(_ name: String, _ content: [UInt8], mode: Int = 0o644) {
    var member = TarMember(name, .file(content))
    member.mode = mode
    add(member)
  }

  /// Adds a regular file of text.
  public mutating func file(_ name: String, _ text: String, mode: Int = 0o644) {
    file(name, Array(text.utf8), mode: mode)
  }

  /// Adds a directory; the name should end in `/`.
  public mutating func directory(_ name: String) {
    add(TarMember(name, .directory))
  }

  /// Adds a symbolic link.
  public mutating func symlink(_ name: String, to target: String) {
    add(TarMember(name, .symlink(Array(target.utf8))))
  }

  /// Adds a hard link to an earlier member.
  public mutating func hardLink(_ name: String, to target: String) {
    add(TarMember(name, .hardLink(Array(target.utf8))))
  }

  /// Adds the marker that removes a path of lower layers: `a/b` becomes `a/.wh.b`.
  public mutating func whiteout(_ path: String) {
    let parts = path.split(separator: "/")
    let marker = parts.dropLast().map { $0 + "/" }.joined() + ".wh." + (parts.last ?? "")
    file(marker, [UInt8](), mode: 0)
  }

  /// Adds the marker that hides the contents of a directory in lower layers.
  public mutating func opaque(_ directory: String) {
    file(directory + "/.wh..wh..opq", [UInt8](), mode: 0)
  }

  /// The end of a tar; readers must accept all of these.
  public struct End: Sendable {
    /// Whether the last body is padded to a whole block.
    public var isPadded = true
    /// The number of zero blocks; the standard requires two.
    public var zeroBlocks = 2
    /// Bytes after them.
    public var trailer: [UInt8] = []

    /// The ordinary end: padding and two zero blocks.
    public init() {}

    /// An end after the last byte of the last body.
    public static var abrupt: End {
      var end = End()
      end.isPadded = false
      end.zeroBlocks = 0
      return end
    }
  }

  /// The finished layer; with an abrupt end and no members it is a layer of zero bytes.
  public func finish(_ end: End = End()) -> LayerTar {
    let archiveEnd = min(end.zeroBlocks, 2)
    let beyond = zeros(512 * (end.zeroBlocks - archiveEnd)) + end.trailer
    let rest = [(end.isPadded ? pending : []) + zeros(512 * archiveEnd), beyond].filter { !$0.isEmpty }
    // podman 4 ends every tar-split with an empty segment; newer releases do not.
    return LayerTar(members: members, pieces: pieces + (rest + [[]]).map(LayerTar.Piece.segment))
  }
}

private func zeros(_ count: Int) -> [UInt8] {
  Array(repeating: 0, count: count)
}
