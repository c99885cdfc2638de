#if ZSTD
  import Compression
  import Diagnostics
  import StoreFixtures
  import Testing
  import ZstdCompression

  @Suite struct ZstdCodecTests {
    /// The frames of blocks of a size.
    private func compressed(
      _ bytes: [UInt8], blockSize: Int? = nil, codec: any Codec, encoder: (any BlockEncoder)? = nil
    ) throws -> [UInt8] {
      let encoder = try encoder ?? codec.encoder()
      let frame = codec.frame()
      #expect(frame.header.isEmpty && frame.trailer.isEmpty)
      var result: [UInt8] = []
      let size = blockSize ?? codec.blockSize
      for start in stride(from: 0, through: bytes.count, by: size) {
        let block = Array(bytes[start..<min(bytes.count, start + size)])
        var output = [UInt8](repeating: 0, count: codec.capacity(forBlockOf: block.count))
        let encoded = try block.withUnsafeBytes { block in
          try output.withUnsafeMutableBytes {
            try encoder.encode(block, history: UnsafeRawBufferPointer(start: nil, count: 0), into: $0)
          }
        }
        result += output[..<encoded.count]
      }
      return result
    }

    private func decompressed(_ bytes: [UInt8], count: Int) throws -> [UInt8] {
      let source = try ZstdDecompressor(MemoryBytes(bytes))
      var result = [UInt8](repeating: 0, count: count + 1)
      let size = try result.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) }
      return Array(result[..<size])
    }

    /// Text that compresses well, bytes that do not, and a run.
    private static let data: [UInt8] =
      Array(String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 2000).utf8)
      + deterministicBytes(60_000, seed: 3) + [UInt8](repeating: 7, count: 80_000)

    @Test(arguments: 1...19)
    func everyLevelGivesBackTheData(level: Int) throws {
      let codec = try ZstdCodec(level: level)
      for blockSize in [100_000, codec.blockSize] {
        let frames = try compressed(Self.data, blockSize: blockSize, codec: codec)
        #expect(try decompressed(frames, count: Self.data.count) == Self.data)
        #expect(frames.count < Self.data.count / 2)
      }
    }

    @Test(arguments: [-1, 0, 1])
    func blocksEndAnywhere(offset: Int) throws {
      let codec = try ZstdCodec(level: 1)
      let data = deterministicBytes(codec.blockSize + offset, seed: 9)
      #expect(try decompressed(compressed(data, codec: codec), count: data.count) == data)
    }

    @Test func noDataIsAFrameToo() throws {
      let frame = try compressed([], codec: ZstdCodec())
      #expect(frame.starts(with: [0x28, 0xB5, 0x2F, 0xFD]))
      #expect(try decompressed(frame, count: 0) == [])
    }

    @Test func aCompressorStartsAnewWithEachBlock() throws {
      let codec = try ZstdCodec()
      let encoder = try codec.encoder()
      let first = try compressed(Self.data, codec: codec, encoder: encoder)
      #expect(try compressed(Self.data, codec: codec, encoder: encoder) == first)
      #expect(try compressed(Self.data, codec: codec) == first)
    }

    /// A frame says how much memory a decoder needs: at most the block.
    @Test func framesCarryTheirSizeAndNoChecksum() throws {
      let frame = try compressed(Self.data, codec: ZstdCodec())
      // RFC 8878, 3.1.1.1.1: a content size of 4 bytes, a single segment, no checksum, no dictionary.
      #expect(frame[4] == 0b1010_0000)
      let size = frame[5..<9].reversed().reduce(0) { $0 << 8 | Int($1) }
      #expect(size == Self.data.count)
    }

    @Test func anOutputThatIsTooSmallIsAFailure() throws {
      let encoder = try ZstdCodec().encoder()
      let block = deterministicBytes(1000, seed: 1)
      var output = [UInt8](repeating: 0, count: 100)
      let failure = #expect(throws: Failure.self) {
        try block.withUnsafeBytes { block in
          try output.withUnsafeMutableBytes {
            try encoder.encode(block, history: UnsafeRawBufferPointer(start: nil, count: 0), into: $0)
          }
        }
      }
      #expect(failure?.kind == .internalError)
    }

    @Test(arguments: [Int.min, -1, 0, 20, Int.max])
    func otherLevelsAreNone(number: Int) {
      #expect(throws: Failure.self) { try ZstdCodec(level: number) }
    }
  }
#endif
