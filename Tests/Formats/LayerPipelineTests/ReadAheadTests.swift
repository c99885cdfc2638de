import Compression
import Diagnostics
import LayerPipeline
import POSIX
import Testing

@Suite(.timeLimit(.minutes(5))) struct ReadAheadTests {
  private func read(_ source: any ByteSource, by size: Int) throws -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: size)
    while true {
      let count = try buffer.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) }
      result += buffer[..<count]
      if count < size { return result }
    }
  }

  /// More bytes than all buffers have, and fewer.
  @Test(arguments: [0, 1, 5_000_000], [1000, 3_000_000])
  func givesAllBytesInOrder(count: Int, size: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let seen = Lock(0)
    let source = ReadAhead(Bytes(bytes)) { piece in seen.withLock { $0 += piece.count } }
    #expect(try read(source, by: size) == bytes)
    #expect(try read(source, by: size) == [])
    #expect(seen.withLock { $0 } == count)
  }

  @Test func aFailureComesAfterTheBytesBefore() throws {
    let failure = Failure(.inputOutput, "disk", "broken")
    let source = ReadAhead(Bytes([UInt8](repeating: 1, count: 3_000_000), failure))
    var buffer = [UInt8](repeating: 0, count: 3_000_000)
    #expect(
      try buffer.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) } == 3_000_000)
    for _ in 0..<2 {
      #expect(throws: failure) {
        try buffer.withMutableBytes { buffer throws(Failure) in try source.readSome(into: buffer) }
      }
    }
  }

  @Test func isReleasedBeforeTheEnd() throws {
    for count in [0, 10] {
      let source = ReadAhead(Bytes([UInt8](repeating: 1, count: 9_000_000)))
      var buffer = [UInt8](repeating: 0, count: count)
      #expect(try buffer.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) } == count)
    }
  }
}

private final class Bytes: ByteSource {
  let name = "bytes"
  private var rest: ArraySlice<UInt8>
  private let failure: Failure?

  init(_ bytes: [UInt8], _ failure: Failure? = nil) {
    rest = bytes[...]
    self.failure = failure
  }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    if rest.isEmpty, let failure { throw failure }
    let part = rest.prefix(min(buffer.count, 300_000))
    buffer.copyBytes(from: part)
    rest = rest.dropFirst(part.count)
    return part.count
  }
}
