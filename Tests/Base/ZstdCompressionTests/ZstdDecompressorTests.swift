#if ZSTD
  import CZstd
  import Compression
  import Diagnostics
  import StoreFixtures
  import Testing
  import ZstdCompression

  @Suite struct ZstdDecompressorTests {
    /// A frame of zstd; `windowLog` and `isLong` as options of zstd(1).
    private func frame(
      _ bytes: [UInt8], level: CInt = 3, windowLog: CInt = 0, checksum: Bool = false, hasSize: Bool = true
    ) -> [UInt8] {
      let context = ZSTD_createCCtx()
      defer { ZSTD_freeCCtx(context) }
      let parameters = [
        (ZSTD_c_compressionLevel, level), (ZSTD_c_windowLog, windowLog),
        (ZSTD_c_checksumFlag, checksum ? 1 : 0),
        (ZSTD_c_contentSizeFlag, hasSize ? 1 : 0),
      ]
      for (parameter, value) in parameters { ZSTD_CCtx_setParameter(context, parameter, value) }
      var result = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count) + 64)
      let count = result.withUnsafeMutableBytes { output in
        bytes.withUnsafeBytes { input in
          var output = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
          var input = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
          // The size of the data is unknown until the end, as in a pipe.
          if !hasSize {
            while input.pos < input.size { ZSTD_compressStream2(context, &output, &input, ZSTD_e_continue) }
          }
          while ZSTD_compressStream2(context, &output, &input, ZSTD_e_end) > 0 {}
          return output.pos
        }
      }
      return Array(result[..<count])
    }

    private func decompressed(_ bytes: [UInt8], piece: Int = .max, bufferSize: Int = 1000) throws -> [UInt8] {
      let source = try ZstdDecompressor(Pieces(bytes, size: piece))
      var buffer = [UInt8](repeating: 0, count: bufferSize)
      var result: [UInt8] = []
      while true {
        let count = try buffer.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) }
        result += buffer[..<count]
        if count < bufferSize { break }
      }
      // Damage is an error at once, not an end with an error behind it.
      do {
        #expect(try buffer.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) } == 0)
      } catch {
        Issue.record("\(error) behind the end")
      }
      return result
    }

    private func expectDamage(_ bytes: [UInt8], _ comment: Comment) {
      let failure = #expect(throws: Failure.self, comment) { try decompressed(bytes) }
      #expect(failure?.kind == .badData, comment)
      #expect(failure?.subject == "blob")
      #expect(failure?.reason.hasPrefix("zstd: ") == true)
    }

    private static let text = Array(String(repeating: "a line of a log\n", count: 20_000).utf8)

    @Test(arguments: [0, 1, 999, 1000, 1001, 300_000], [1, 19] as [CInt])
    func givesBackWhatWasCompressed(size: Int, level: CInt) throws {
      let bytes = deterministicBytes(size, seed: 7)
      #expect(try decompressed(frame(bytes, level: level)) == bytes)
      #expect(try decompressed(frame(bytes, level: level, checksum: true, hasSize: false)) == bytes)
    }

    @Test(arguments: [1, 3, 65_536, 1 << 20], [1, 7, 100_000])
    func anyBufferAndAnyPiecesWillDo(size: Int, piece: Int) throws {
      #expect(try decompressed(frame(Self.text), piece: piece, bufferSize: size) == Self.text)
    }

    @Test func framesInARowAreOneStream() throws {
      let parts = [deterministicBytes(70_000, seed: 1), [], Self.text]
      let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
      #expect(try decompressed(parts.flatMap { frame($0) }) == parts.flatMap(\.self))
      #expect(
        try decompressed(skippable + parts.flatMap { frame($0) + skippable }, piece: 5) == parts.flatMap(\.self)
      )
      #expect(try decompressed([]) == [])
      #expect(try decompressed(skippable) == [])
    }

    @Test func windowsAreLimited() throws {
      #expect(try decompressed(frame(Self.text, windowLog: 27, hasSize: false)) == Self.text)
      expectDamage(frame(Self.text, windowLog: 28, hasSize: false), "256 MiB")
    }

    @Test func aStreamThatEndsEarlyIsDamaged() {
      let bytes = frame(deterministicBytes(300, seed: 3), checksum: true)
      for count in 1..<bytes.count { expectDamage(Array(bytes[..<count]), "\(count) bytes") }
      expectDamage([0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2], "a skippable frame")
    }

    @Test func whatFollowsMustBeAFrame() {
      expectDamage(frame([1, 2, 3]) + Array("trailing garbage".utf8), "text")
      expectDamage(frame([1, 2, 3]) + [UInt8](repeating: 0, count: 512), "zeros")
      expectDamage(Array("not compressed at all".utf8), "no frame at all")
    }

    @Test func aFlippedBitIsFoundOrHarmless() {
      let bytes = frame(Self.text, checksum: true)
      for index in bytes.indices {
        for bit in 0..<8 {
          var damaged = bytes
          damaged[index] ^= 1 << bit
          do {
            #expect(try decompressed(damaged) == Self.text, "byte \(index), bit \(bit)")
          } catch {
            #expect((error as? Failure)?.kind == .badData)
          }
        }
      }
    }
  }

  /// Bytes in pieces of a size.
  private final class Pieces: ByteSource {
    let name = "blob"
    private var rest: ArraySlice<UInt8>
    private let size: Int

    init(_ bytes: [UInt8], size: Int) {
      rest = bytes[...]
      self.size = size
    }

    func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
      let part = rest.prefix(min(size, buffer.count))
      buffer.copyBytes(from: part)
      rest = rest.dropFirst(part.count)
      return part.count
    }
  }
#endif
