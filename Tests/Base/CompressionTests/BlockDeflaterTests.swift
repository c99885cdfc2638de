import Compression
import Diagnostics
import Glibc
import POSIX
import StoreFixtures
import Testing

@Suite struct BlockDeflaterTests {
  /// One gzip member of blocks of a size, each primed with what is before it.
  private func member(of bytes: [UInt8], blockSize: Int, level: CompressionLevel) throws -> [UInt8] {
    let deflater = try level.deflater()
    var frame = GzipFrame()
    var result = GzipFrame.header
    for start in stride(from: 0, to: bytes.count, by: blockSize) {
      let block = Array(bytes[start..<min(bytes.count, start + blockSize)])
      let history = Array(bytes[max(0, start - blockHistorySize)..<start])
      var output = [UInt8](repeating: 0, count: blockCapacity(forBlockOf: block.count))
      let count = try block.withUnsafeBytes { block in
        try history.withUnsafeBytes { history in
          try output.withUnsafeMutableBytes { try deflater.deflate(block, history: history, into: $0) }
        }
      }
      result += output[..<count]
      frame.append(checksum: block.withUnsafeBytes { GzipFrame.checksum(of: $0) }, count: block.count)
    }
    return result + frame.trailer
  }

  private func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
    let folder = try TemporaryDirectory()
    try folder.write(bytes, to: "file.gz")
    let path = Path(folder.at("file.gz"))
    var inflater = try Inflater(try FileDescriptor.open(path, O_RDONLY), path: path)
    var result = [UInt8](repeating: 0, count: 4 << 20)
    let count = try result.withUnsafeMutableBytes { try inflater.read(into: $0) }
    return Array(result[..<count])
  }

  /// Text that compresses well, bytes that do not, and a run.
  private static let data: [UInt8] =
    Array(String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 9000).utf8)
    + deterministicBytes(300_000, seed: 3) + [UInt8](repeating: 7, count: 400_000)

  @Test(arguments: 1...9)
  func blocksJoinToOneMember(level: Int) throws {
    let level = try #require(CompressionLevel(level))
    for blockSize in [1 << 20, 100_000, 4096] {
      let member = try member(of: Self.data, blockSize: blockSize, level: level)
      #expect(try inflated(member) == Self.data)
      #expect(member.count < Self.data.count / 2)
    }
  }

  @Test func historyMakesBlocksSmaller() throws {
    let noise = deterministicBytes(30_000, seed: 5)
    let data = noise + noise + noise
    let member = try member(of: data, blockSize: 30_000, level: .standard)
    #expect(member.count < 40_000)
    #expect(try inflated(member) == data)
  }

  @Test func noDataIsAMemberToo() throws {
    let member = try member(of: [], blockSize: 1000, level: .standard)
    #expect(member.count == 20)
    #expect(try inflated(member) == [])
  }

  @Test func aCompressorStartsAnewWithEachBlock() throws {
    let deflater = try CompressionLevel.standard.deflater()
    func compressed() throws -> [UInt8] {
      var output = [UInt8](repeating: 0, count: blockCapacity(forBlockOf: Self.data.count))
      let count = try Self.data.withUnsafeBytes { block in
        try output.withUnsafeMutableBytes { output in
          try deflater.deflate(block, history: UnsafeRawBufferPointer(start: nil, count: 0), into: output)
        }
      }
      return Array(output[..<count])
    }
    let first = try compressed()
    #expect(try compressed() == first)
  }

  @Test(arguments: [Int.min, -1, 0, 10, Int.max])
  func otherLevelsAreNone(number: Int) {
    #expect(CompressionLevel(number) == nil)
  }
}
