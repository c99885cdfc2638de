import Compression
import Diagnostics
import ISALCompression
import ImageSource
import POSIX
import StoreFixtures
import Testing

@Suite struct GzipCodecTests {
  /// One gzip member of blocks of a size, each primed with the bytes before it.
  private func member(of bytes: [UInt8], blockSize: Int, codec: any Codec) throws -> [UInt8] {
    let encoder = try codec.encoder()
    var frame = codec.frame()
    var result = frame.header
    for start in stride(from: 0, to: bytes.count, by: blockSize) {
      let block = Array(bytes[start..<min(bytes.count, start + blockSize)])
      let history = Array(bytes[max(0, start - codec.historySize)..<start])
      var output = [UInt8](repeating: 0, count: codec.capacity(forBlockOf: block.count))
      let encoded = try block.withUnsafeBytes { block in
        try history.withUnsafeBytes { history in
          try output.withUnsafeMutableBytes { try encoder.encode(block, history: history, into: $0) }
        }
      }
      result += output[..<encoded.count]
      frame.append(checksum: encoded.checksum, count: block.count)
    }
    return result + frame.trailer
  }

  private func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
    let folder = try TemporaryDirectory()
    try folder.write(bytes, to: "file.gz")
    let path = Path(folder.at("file.gz"))
    let inflater = try Inflater(FileBytes.open(path))
    var result = [UInt8](repeating: 0, count: 4 << 20)
    let count = try result.withUnsafeMutableBytes { try inflater.read(into: $0) }
    return Array(result[..<count])
  }

  /// Text that compresses well, bytes that do not, and a run.
  private static let data: [UInt8] =
    Array(String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 9000).utf8)
    + deterministicBytes(300_000, seed: 3) + [UInt8](repeating: 7, count: 400_000)

  @Test(arguments: 1...9, [false, true])
  func blocksJoinToOneMember(level: Int, isFast: Bool) throws {
    let level = try GzipCodec(level: level, engines: isFast ? fastDeflateEngines : [])
    for blockSize in [1 << 20, 100_000, 4096] {
      let member = try member(of: Self.data, blockSize: blockSize, codec: level)
      #expect(try inflated(member) == Self.data)
      #expect(member.count < Self.data.count / 2)
    }
  }

  @Test func historyMakesBlocksSmaller() throws {
    let noise = deterministicBytes(30_000, seed: 5)
    let data = noise + noise + noise
    let member = try member(of: data, blockSize: 30_000, codec: GzipCodec())
    #expect(member.count < 40_000)
    #expect(try inflated(member) == data)
  }

  @Test func noDataIsAMemberToo() throws {
    let member = try member(of: [], blockSize: 1000, codec: GzipCodec())
    #expect(member.count == 20)
    #expect(try inflated(member) == [])
  }

  @Test func aCompressorStartsAnewWithEachBlock() throws {
    let codec = try GzipCodec(engines: fastDeflateEngines)
    let encoder = try codec.encoder()
    func compressed() throws -> [UInt8] {
      var output = [UInt8](repeating: 0, count: codec.capacity(forBlockOf: Self.data.count))
      let count = try Self.data.withUnsafeBytes { block in
        try output.withUnsafeMutableBytes { output in
          try encoder.encode(block, history: UnsafeRawBufferPointer(start: nil, count: 0), into: output).count
        }
      }
      return Array(output[..<count])
    }
    let first = try compressed()
    #expect(try compressed() == first)
  }

  @Test(arguments: [Int.min, -1, 0, 10, Int.max])
  func otherLevelsAreNone(number: Int) {
    #expect(throws: Failure(.usage, "", "\(number) is not between 1 and 9")) { try GzipCodec(level: number) }
  }

  /// An engine that cannot start.
  private struct NamedEngine: DeflateEngine {
    let name: String
    let levels: ClosedRange<Int>
    func encoder(level: Int) throws(Failure) -> any BlockEncoder {
      throw Failure(.internalError, name, "\(level)")
    }
  }

  @Test(
    arguments: [
      ([], "zlib 1-9"), ([("fast", 1...3)], "fast 1-3, zlib 4-9"), ([("one", 1...1)], "one 1-1, zlib 2-9"),
      ([("one", 1...1), ("two", 2...2)], "one 1-1, two 2-2, zlib 3-9"),
      ([("fast", 1...4), ("more", 2...5)], "fast 1-4, more 5-5, zlib 6-9"),
      ([("fast", 1...4), ("same", 1...4)], "fast 1-4, zlib 5-9"), ([("all", 1...9)], "all 1-9"),
      ([("most", 1...8)], "most 1-8, zlib 9-9"),
    ] as [([(String, ClosedRange<Int>)], String)])
  func enginesAreListedWithTheLevelsThatTheyServe(engines: [(String, ClosedRange<Int>)], expected: String)
    throws
  {
    let engines = engines.map { NamedEngine(name: $0.0, levels: $0.1) }
    let wanted = expected.split(separator: ", ").map { part in
      let words = part.split(separator: " ")
      return "\(words[0] == "zlib" ? ZlibEngine().name : String(words[0])) (levels \(words[1]))"
    }
    #expect(GzipCodec.description(of: engines) == wanted.joined(separator: ", "))
    for level in GzipCodec.levels {
      let codec = try GzipCodec(level: level, engines: engines)
      if let engine = engines.first(where: { $0.levels.contains(level) }) {
        #expect(throws: Failure(.internalError, engine.name, "\(level)")) { try codec.encoder() }
      } else {
        _ = try codec.encoder()
      }
    }
  }

  @Test(arguments: [1, 100, 1000]) func anOutputThatIsTooSmallIsAFailure(size: Int) throws {
    let block = deterministicBytes(1000, seed: 1)
    var output = [UInt8](repeating: 0, count: size)
    let encoder = try GzipCodec(level: 9).encoder()
    #expect(throws: Failure(.internalError, "zlib", "cannot compress a block")) {
      try block.withUnsafeBytes { block in
        try output.withUnsafeMutableBytes {
          try encoder.encode(block, history: UnsafeRawBufferPointer(start: nil, count: 0), into: $0)
        }
      }
    }
  }
}
