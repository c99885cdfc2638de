extension TarMember {
  /// All headers: long name members and PAX headers first, the member's own block last.
  var headerBlocks: [UInt8] {
    if case .globalHeader(let records) = kind {
      return special("g", name: name, body: records.flatMap(\.bytes))
    }
    var blocks: [UInt8] = []
    var records = paxRecords
    let fields: [([UInt8], Character, String)] = [(linkTarget, "K", "linkpath"), (name, "L", "path")]
    for (field, flag, key) in fields where field.count > 100 {
      switch longNames {
      case .gnu: blocks += padded(special(flag, name: Array("././@LongLink".utf8), body: field + [0]))
      case .pax: records.append(PAXRecord(key, field))
      case .ustar: break
      }
    }
    if !records.isEmpty {
      let name = Array("PaxHeaders.0/member".utf8)
      blocks += padded(special("x", name: name, body: records.flatMap(\.bytes)))
    }
    return blocks + ownBlock
  }

  /// The target of a symbolic or hard link, empty for other members.
  private var linkTarget: [UInt8] {
    switch kind {
    case .symlink(let target), .hardLink(let target): target
    default: []
    }
  }

  private var ownBlock: [UInt8] {
    var header = HeaderBlock(typeFlag: typeFlag)
    var short = name
    if longNames == .ustar, name.count > 100,
      let slash = name.suffix(101).firstIndex(of: 0x2F)
    {
      header.put(Array(name[..<slash]), at: 345, width: 155)
      short = Array(name[(slash + 1)...])
    }
    header.put(short, at: 0, width: 100)
    header.put(linkTarget, at: 157, width: 100)
    header.put(mode, at: 100, width: 8)
    header.put(uid, at: 108, width: 8)
    header.put(gid, at: 116, width: 8)
    header.put(sizeField ?? content.count, at: 124, width: 12)
    header.put(mtime, at: 136, width: 12)
    header.put(Array(owner.user.utf8), at: 265, width: 32)
    header.put(Array(owner.group.utf8), at: 297, width: 32)
    if case .characterDevice(let major, let minor) = kind {
      header.put(major, at: 329, width: 8)
      header.put(minor, at: 337, width: 8)
    }
    return header.finished
  }

  private var typeFlag: Character {
    switch kind {
    case .file: "0"
    case .hardLink: "1"
    case .symlink: "2"
    case .characterDevice: "3"
    case .directory: "5"
    case .fifo: "6"
    case .globalHeader: "g"
    }
  }
}

/// A header that only carries data for later ones, with its body, not padded.
private func special(_ typeFlag: Character, name: [UInt8], body: [UInt8]) -> [UInt8] {
  var header = HeaderBlock(typeFlag: typeFlag)
  header.put(name, at: 0, width: 100)
  for (offset, width) in [(100, 8), (108, 8), (116, 8), (136, 12)] { header.put(0, at: offset, width: width) }
  header.put(body.count, at: 124, width: 12)
  return header.finished + body
}

private func padded(_ bytes: [UInt8]) -> [UInt8] {
  bytes + padding(after: bytes.count)
}

/// The zero bytes that fill the last block of a body.
func padding(after count: Int) -> [UInt8] {
  Array(repeating: 0, count: (512 - count % 512) % 512)
}

/// A block of 512 bytes whose fields are filled one by one.
private struct HeaderBlock {
  private var bytes = [UInt8](repeating: 0, count: 512)
  private var isGNU: Bool

  init(typeFlag: Character) {
    isGNU = typeFlag == "L" || typeFlag == "K"
    bytes[156] = typeFlag.asciiValue ?? 0
  }

  mutating func put(_ text: [UInt8], at offset: Int, width: Int) {
    bytes.replaceSubrange(offset..<(offset + min(text.count, width)), with: text.prefix(width))
  }

  /// Writes octal digits and a NUL if the number fits, else base 256 with the top bit set.
  mutating func put(_ number: Int, at offset: Int, width: Int) {
    let digits = String(number, radix: 8)
    if number >= 0, digits.utf8.count < width {
      let zeros = String(repeating: "0", count: width - 1 - digits.utf8.count)
      put(Array((zeros + digits).utf8), at: offset, width: width)
    } else {
      isGNU = true
      var rest = number
      for position in (offset..<(offset + width)).reversed() {
        bytes[position] = UInt8(truncatingIfNeeded: rest)
        rest >>= 8
      }
      bytes[offset] |= 0x80
    }
  }

  var finished: [UInt8] {
    var block = self
    block.put(Array((isGNU ? "ustar  \0" : "ustar\u{0}00").utf8), at: 257, width: 8)
    block.put(Array("        ".utf8), at: 148, width: 8)
    let sum = block.bytes.reduce(0) { $0 + Int($1) }
    block.put(sum, at: 148, width: 7)
    return block.bytes
  }
}
