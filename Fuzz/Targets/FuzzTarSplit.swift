import CZlib
import POSIX
import TarSplit

/// A tar-split file: the input itself or, after a zero byte, its uncompressed JSON.
public func fuzzTarSplit(_ bytes: [UInt8]) {
  let file = bytes.first == 0 ? gzip(Array(bytes.dropFirst())) : bytes
  guard let scratch = ScratchFile(file), var reader = try? TarSplitReader(scratch.path) else { return }
  var steps = 0
  while let record = try? reader.next() {
    steps += 1
    promise(steps <= 1 << 20, "more records than the input can hold")
    _ = reader.lastHeaderHasBody
    if case .file(let size, _) = record { promise(size <= UInt64(Int64.max), "a size of \(size)") }
    let name = Path.cleaned(belowRoot: reader.name)
    promise(!name.split(separator: 0x2F).contains { $0.elementsEqual("..".utf8) }, "a name that leads outside")
  }
}

/// A gzip file without compression, so that the fuzzer's changes reach the JSON reader.
private func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
  var rest = bytes[...]
  repeat {
    let block = rest.prefix(65535)
    rest = rest.dropFirst(block.count)
    let length = UInt16(block.count)
    result += [rest.isEmpty ? 1 : 0] + little(length) + little(~length) + block
  } while !rest.isEmpty
  let checksum = bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, uInt($0.count)) }
  return result + little(UInt32(truncatingIfNeeded: bytes.isEmpty ? 0 : checksum)) + little(UInt32(bytes.count))
}

private func little(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
