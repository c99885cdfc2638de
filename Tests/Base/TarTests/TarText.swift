import Compression
import Diagnostics

@testable import Tar

/// Writes archives of any dialect, right or wrong.
enum TarText {
  /// How the magic of a header is written.
  enum Magic: String, CaseIterable {
    case v7 = "\0\0\0\0\0\0\0\0"
    case ustar = "ustar\u{0}00"
    case gnu = "ustar  \u{0}"
  }

  /// A header with a right checksum; `fields` are written over it before.
  static func header(
    _ name: String, _ size: Int = 0, type: Character = "0", magic: Magic = .ustar, link: String = "",
    fields: [Int: [UInt8]] = [:], isSigned: Bool = false
  ) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func write(_ bytes: [UInt8], _ offset: Int) {
      block.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    }
    write(Array(name.utf8), 0)
    write(Array("0000644\0".utf8), 100)
    write(octal(size), 124)
    write(Array(String(type).utf8), 156)
    write(Array(link.utf8), 157)
    write(Array(magic.rawValue.utf8), 257)
    for (offset, bytes) in fields { write(bytes, offset) }
    write(Array("        ".utf8), 148)
    let sum = block.reduce(0) { $0 + (isSigned ? Int(Int8(bitPattern: $1)) : Int($1)) }
    write(
      Array(
        (String(repeating: "0", count: 6 - String(sum, radix: 8).count) + String(sum, radix: 8) + "\0 ").utf8),
      148)
    return block
  }

  /// The eleven digits of a size field.
  static func octal(_ size: Int) -> [UInt8] {
    let digits = String(size, radix: 8)
    return Array((String(repeating: "0", count: 11 - digits.count) + digits + "\0").utf8)
  }

  /// Data with its filling.
  static func data(_ bytes: [UInt8]) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }

  /// An extended header.
  static func extended(_ type: Character, _ text: [UInt8]) -> [UInt8] {
    header("././@LongLink", text.count, type: type, magic: type.isUppercase ? .gnu : .ustar) + data(text)
  }

  /// PAX records with their lengths.
  static func pax(_ records: [(String, String)]) -> [UInt8] {
    records.flatMap { key, value in
      let text = " \(key)=\(value)\n".utf8
      var length = text.count + 1
      while "\(length)".utf8.count + text.count != length { length += 1 }
      return Array("\(length)".utf8) + text
    }
  }

  /// The two blocks at the end.
  static let end = [UInt8](repeating: 0, count: 1024)
}

/// Bytes in memory, in pieces of any size.
class ArrayBytes: ByteSource {
  let name = "file.tar"
  fileprivate var rest: ArraySlice<UInt8>
  private let piece: Int

  init(_ bytes: [UInt8], piece: Int = .max) {
    rest = bytes[...]
    self.piece = piece
  }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    let part = rest.prefix(min(piece, buffer.count))
    buffer.copyBytes(from: part)
    rest = rest.dropFirst(part.count)
    return part.count
  }
}

/// The same, with bytes that can be skipped.
final class SkippableArray: ArrayBytes, SkippableByteSource {
  /// The number of bytes that were skipped.
  private(set) var skipped: UInt64 = 0

  func skip(_ count: UInt64) throws(Failure) -> UInt64 {
    let part = rest.prefix(Int(min(count, UInt64(rest.count))))
    rest = rest.dropFirst(part.count)
    skipped += UInt64(part.count)
    return UInt64(part.count)
  }
}

/// A member as text, for short expectations: `name kind size@offset target`.
func summary(_ member: TarMember) -> String {
  let kind =
    switch member.kind {
    case .file: "file"
    case .directory: "directory"
    case .symbolicLink: "symlink"
    case .hardLink: "link"
    case .sparse: "sparse"
    case .other(let type): "other-\(Character(UnicodeScalar(type)))"
    }
  let text = "\(printable(bytes: member.name)) \(kind) \(member.size)@\(member.offset)"
  return member.linkTarget.isEmpty ? text : "\(text) \(printable(bytes: member.linkTarget))"
}

/// All members of an archive as text, and the way it ended.
func members(of bytes: [UInt8]) throws -> (members: [String], end: TarReader.End?) {
  let reader = TarReader(ArrayBytes(bytes))
  var result: [String] = []
  while let member = try reader.next() { result.append(summary(member)) }
  return (result, reader.end)
}
