/// A 512-byte header of the ustar format (POSIX.1-1988), as Go's archive/tar writes it.
///
/// Supports only what image archives need: names of at most 100 bytes, owner 0, a PAX record for sizes from 8
/// GiB.
public struct TarHeader: Sendable {
  /// The kinds of members that image archives have.
  public enum Kind: Sendable {
    /// A regular file with its size in bytes.
    case file(size: UInt64)
    /// A directory; its name ends in a slash.
    case directory
    /// A symbolic link with its target.
    case symbolicLink(target: String)
  }

  /// The length of a header, and the unit that data is padded to, in bytes.
  public static let blockSize = 512

  /// The member's name.
  public let name: String
  private let kind: Kind
  private let mode: UInt16
  private let modificationTime: UInt32

  /// Describes a member; time in seconds since 1970.
  ///
  /// - Precondition: name and link target are at most 100 bytes long. Names in image archives consist of
  ///   digests and constants, so no input can break this.
  public init(name: String, kind: Kind, mode: UInt16, modificationTime: UInt32 = 0) {
    precondition(name.utf8.count <= TarField.name.count)
    self.name = name
    self.kind = kind
    self.mode = mode
    self.modificationTime = modificationTime
  }

  /// The size of the member's data in bytes, without padding.
  public var size: UInt64 {
    if case .file(let size) = kind { size } else { 0 }
  }

  /// The target of a symbolic link; nil for any other member.
  public var linkTarget: String? {
    if case .symbolicLink(let target) = kind { target } else { nil }
  }

  /// The number of zero bytes that fill the last block of the member's data.
  public var padding: Int {
    let remainder = Int(size % UInt64(TarHeader.blockSize))
    return remainder > 0 ? TarHeader.blockSize - remainder : 0
  }

  /// The header's bytes: one block, or three if the size needs a PAX record.
  public var bytes: [UInt8] {
    guard size > TarHeader.largestOctalSize else { return block(size: size) }
    let record = TarHeader.paxRecord("size=\(size)")
    var pax = TarBlock()
    pax.write(Array("PaxHeaders.0/\(name)".utf8.prefix(TarField.name.count)), at: TarField.name)
    pax.writeOctal(0, at: TarField.mode)
    pax.writeOctal(UInt64(record.count), at: TarField.size)
    pax.write([0x78], at: TarField.type)
    let body = record + [UInt8](repeating: 0, count: TarHeader.blockSize - record.count)
    return pax.finished() + body + block(size: 0)
  }

  /// The largest size that fits the 11 octal digits of the size field: 8 GiB − 1.
  public static let largestOctalSize: UInt64 = 0o77_777_777_777

  private func block(size: UInt64) -> [UInt8] {
    var block = TarBlock()
    block.write(Array(name.utf8), at: TarField.name)
    block.writeOctal(UInt64(mode), at: TarField.mode)
    block.writeOctal(size, at: TarField.size)
    block.writeOctal(UInt64(modificationTime), at: TarField.modificationTime)
    block.writeOctal(0, at: TarField.deviceMajor)
    block.writeOctal(0, at: TarField.deviceMinor)
    switch kind {
    case .file: block.write([0x30], at: TarField.type)
    case .directory: block.write([0x35], at: TarField.type)
    case .symbolicLink(let target):
      block.write([0x32], at: TarField.type)
      block.write(Array(target.utf8), at: TarField.linkTarget)
    }
    return block.finished()
  }

  /// A PAX record; its length counts its own digits.
  private static func paxRecord(_ text: String) -> [UInt8] {
    var length = text.utf8.count + 2
    while String(length).utf8.count + text.utf8.count + 2 != length { length += 1 }
    return Array("\(length) \(text)\n".utf8)
  }
}

/// A header block being filled.
private struct TarBlock {
  private var bytes = [UInt8](repeating: 0, count: TarHeader.blockSize)

  init() {
    write(Array("ustar\u{0}00".utf8), at: TarField.magic)
    writeOctal(0, at: TarField.userID)
    writeOctal(0, at: TarField.groupID)
    writeOctal(0, at: TarField.modificationTime)
  }

  mutating func write(_ value: [UInt8], at field: Range<Int>) {
    precondition(value.count <= field.count)
    bytes.replaceSubrange(field.prefix(value.count), with: value)
  }

  /// Fills a field with octal digits and a final NUL.
  mutating func writeOctal(_ value: UInt64, at field: Range<Int>) {
    let digits = String(value, radix: 8)
    let padding = String(repeating: "0", count: field.count - 1 - digits.utf8.count)
    write(Array((padding + digits).utf8), at: field)
  }

  /// The block with its checksum: the sum of all bytes, with the checksum field counted as spaces.
  func finished() -> [UInt8] {
    let sum = bytes.reduce(0) { $0 + UInt64($1) } + 8 * 0x20
    var result = self
    let digits = String(sum, radix: 8)
    let text = String(repeating: "0", count: 6 - digits.utf8.count) + digits + "\u{0} "
    result.write(Array(text.utf8), at: TarField.checksum)
    return result.bytes
  }
}
