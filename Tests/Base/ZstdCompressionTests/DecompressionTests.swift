import Compression
import Diagnostics
import StoreFixtures
import Testing
import ZstdCompression

@Suite struct DecompressionTests {
  private func read(_ source: any ByteSource) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 100)
    let count = try buffer.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) }
    return Array(buffer[..<count])
  }

  @Test func firstBytesAreReadAgain() throws {
    for count in [0, 1, 6, 7, 20] {
      let source = try PeekedSource(MemoryBytes(Array("0123456".utf8)), count: count)
      #expect(source.start == Array("0123456".utf8.prefix(count)))
      #expect(try read(source) == Array("0123456".utf8))
      #expect(try read(source) == [])
    }
  }

  @Test func theFirstBytesSelectTheFormat() throws {
    let source = try PeekedSource(MemoryBytes(gzipped([1, 2, 3])), count: CompressionFormat.magicSize)
    #expect(source.format == .gzip)
    #expect(try read(decompressing(source, .gzip)) == [1, 2, 3])
  }

  @Test(arguments: [CompressionFormat.xz, .bzip2])
  func otherFormatsAreRefused(format: CompressionFormat) {
    let failure = #expect(throws: Failure.self) { try decompressing(MemoryBytes([], name: "bytes"), format) }
    #expect(failure == Failure(.unavailable, "bytes", "compressed with \(format.rawValue), not supported"))
  }
}

/// A build without the trait `ZSTD` says so, with the status 69 of the kind `unavailable`.
#if !ZSTD
  @Suite struct WithoutZstdTests {
    @Test func theMethodIsNotAvailable() {
      #expect(ZstdMethod.engine == nil)
      for level in [0, 3, 20] {
        let failure = #expect(throws: Failure.self) { try ZstdMethod.codec(level: level) }
        #expect(
          failure
            == Failure(
              .unavailable, "--compression zstd", "not supported by this build, which has no zstd"))
      }
    }

    @Test func aSourceIsRefused() {
      let failure = #expect(throws: Failure.self) { try decompressing(MemoryBytes([], name: "bytes"), .zstd) }
      #expect(failure == Failure(.unavailable, "bytes", "compressed with zstd, not supported"))
    }
  }
#endif
