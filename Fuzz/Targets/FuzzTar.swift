import Compression
import Diagnostics
import Tar

/// An archive: the same members whether data is read or skipped, and every member lies inside of it.
///
/// Repairs the checksum of each block that looks like a header, since no fuzzer finds it.
public func fuzzTar(_ bytes: [UInt8]) {
  let bytes = repaired(bytes)
  let read = members(of: MemoryBytes(bytes), reading: true)
  let skipped = members(of: SkippableMemory(bytes), reading: false)
  promise(read.members == skipped.members, "other members when data is skipped")
  promise(read.end == skipped.end, "another end when data is skipped")
  var position: UInt64 = 0
  for (index, member) in read.members.enumerated() {
    promise(member.offset >= position + UInt64(TarHeader.blockSize), "a member inside of another")
    position = member.offset
    promise(member.name.count <= 4096 && member.linkTarget.count <= 4096, "a name without limit")
    for name in [member.cleanName, member.cleanTarget].compactMap({ $0 }) {
      promise(tarName(cleaning: name) == name, "a clean name that changes when it is cleaned again")
      promise(
        !name.split(separator: 0x2F).contains { $0.elementsEqual("..".utf8) }, "a name that leads outside")
    }
    if index + 1 == read.members.count, read.end == .early { continue }
    position += member.size
    promise(position <= UInt64(bytes.count), "a member that is longer than its archive")
  }
}

private func members(of source: any ByteSource, reading: Bool) -> (members: [TarMember], end: TarReader.End?) {
  let reader = TarReader(source)
  var members: [TarMember] = []
  var buffer = [UInt8](repeating: 0, count: 1000)
  while let member = try? reader.next() {
    members.append(member)
    if !reading { continue }
    while true {
      let count = try? buffer.withMutableBytes { buffer throws(Failure) in try reader.read(into: buffer) }
      if count != buffer.count { break }
    }
  }
  return (members, reader.end)
}

/// The bytes with a right checksum in every block whose checksum field starts with a space.
func repaired(_ bytes: [UInt8]) -> [UInt8] {
  var result = bytes
  for start in stride(from: 0, to: bytes.count - 511, by: 512) where bytes[start + 148] == 0x20 {
    repairChecksum(at: start, in: &result)
  }
  return result
}

/// Writes the right checksum into the header at an offset.
func repairChecksum(at start: Int, in bytes: inout [UInt8]) {
  let field = (start + 148)..<(start + 156)
  let sum = (start..<(start + 512)).reduce(0) { $0 + (field.contains($1) ? 0x20 : Int(bytes[$1])) }
  let digits = Array(String(sum, radix: 8).utf8)
  let text = [UInt8](repeating: 0x30, count: 6 - digits.count) + digits + [0, 0x20]
  bytes.replaceSubrange(field, with: text)
}

/// Bytes in memory as a source.
class MemoryBytes: ByteSource {
  let name = "input"
  fileprivate var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    let part = rest.prefix(buffer.count)
    buffer.copyBytes(from: part)
    rest = rest.dropFirst(part.count)
    return part.count
  }
}

/// The same, with bytes that can be skipped.
private final class SkippableMemory: MemoryBytes, SkippableByteSource {
  func skip(_ count: UInt64) throws(Failure) -> UInt64 {
    let part = rest.prefix(Int(min(count, UInt64(rest.count))))
    rest = rest.dropFirst(part.count)
    return UInt64(part.count)
  }
}
