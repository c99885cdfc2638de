import Diagnostics
import ISALCompression
import ImageSource
import POSIX
import StoreFixtures
import Testing

@testable import Compression

@Suite struct InflaterTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func fastEngine() throws -> any InflateEngine {
    #if ISAL
      try ISALInflate()
    #else
      try ZlibInflate()
    #endif
  }

  /// Inflates with zlib and with the fastest engine, which must agree.
  private func inflated(_ bytes: [UInt8], bufferSize: Int = 1000) throws -> [UInt8] {
    try folder.write(bytes, to: "file.gz")
    let path = Path(folder.at("file.gz"))
    let results = [
      Result { try read(Inflater(FileBytes.open(path), ZlibInflate()), bufferSize) },
      Result { try read(Inflater(FileBytes.open(path), fastEngine()), bufferSize) },
    ]
    let contents = results.map { try? $0.get() }
    // ISA-L ignores reserved flags in a header, as Go does; zlib refuses them.
    #expect(contents[0] == nil || contents[0] == contents[1])
    return try results[1].get()
  }

  private func read(_ inflater: Inflater, _ bufferSize: Int) throws -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 1)
    defer { buffer.deallocate() }
    var result: [UInt8] = []
    while true {
      let count = try inflater.read(into: buffer)
      result += buffer[..<count]
      if count < bufferSize { break }
    }
    #expect(try inflater.read(into: buffer) == 0)
    return result
  }

  private func expectDamage(_ bytes: [UInt8], _ comment: Comment) {
    let failure = #expect(throws: Failure.self, comment) { try inflated(bytes) }
    #expect(failure?.kind == .badData, comment)
    #expect(failure?.subject == folder.at("file.gz"))
    #expect(failure?.reason.hasPrefix("gzip: ") == true)
  }

  @Test(arguments: [0, 1, 999, 1000, 1001, 300_000], [1, 9])
  func givesBackWhatWasCompressed(size: Int, level: Int32) throws {
    let bytes = deterministicBytes(size, seed: 7)
    #expect(try inflated(gzipped(bytes, level: level)) == bytes)
  }

  @Test(arguments: [1, 3, 65_536])
  func anyBufferWillDo(size: Int) throws {
    let text = Array(String(repeating: "a line of a log\n", count: 2000).utf8)
    #expect(try inflated(gzipped(text), bufferSize: size) == text)
  }

  @Test func membersInARowAreOneStream() throws {
    let parts = [deterministicBytes(70_000, seed: 1), [], deterministicBytes(10, seed: 2)]
    #expect(try inflated(parts.flatMap { gzipped($0) }) == parts.flatMap(\.self))
  }

  @Test func zerosBehindAMemberArePadding() throws {
    let member = gzipped([1, 2, 3])
    let zeros = [UInt8](repeating: 0, count: 100_000)
    #expect(try inflated(member + [0]) == [1, 2, 3])
    #expect(try inflated(member + zeros) == [1, 2, 3])
    #expect(try inflated(member + zeros + member) == [1, 2, 3, 1, 2, 3])
  }

  /// A sparse file costs its maker nothing.
  @Test(.timeLimit(.minutes(5))) func paddingEnds() throws {
    let source = PaddedBytes(gzipped([1, 2, 3]), zeros: 1 << 40)
    let failure = #expect(throws: Failure.self) { try read(Inflater(source, fastEngine()), 1000) }
    #expect(failure?.reason == "gzip: more than 16777216 zero bytes behind a member")
    let padded = PaddedBytes(gzipped([1, 2, 3]), zeros: 16 << 20)
    #expect(try read(Inflater(padded, fastEngine()), 1000) == [1, 2, 3])
  }

  @Test func anEmptyFileIsAnEmptyStream() throws {
    #expect(try inflated([]) == [])
  }

  @Test func aStreamThatEndsEarlyIsDamaged() {
    let bytes = gzipped(deterministicBytes(300, seed: 3))
    for count in 1..<bytes.count { expectDamage(Array(bytes[..<count]), "\(count) bytes") }
  }

  @Test func whatFollowsMustBeAMember() {
    let member = gzipped([1, 2, 3])
    expectDamage(member + [0x78], "one byte")
    expectDamage(member + Array("trailing garbage".utf8), "text")
    expectDamage(Array("not compressed at all".utf8), "no member at all")
  }

  @Test func aFlippedBitIsFoundOrHarmless() throws {
    let content = Array(String(repeating: "some text, ", count: 40).utf8)
    let bytes = gzipped(content)
    var found = 0
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << bit
        do {
          #expect(try inflated(damaged) == content, "byte \(index), bit \(bit)")
        } catch {
          #expect((error as? Failure)?.kind == .badData)
          found += 1
        }
      }
    }
    // Only fields of the ten-byte header, such as time and system, may change unnoticed.
    #expect(found >= (bytes.count - 10) * 8)
  }
}

@Suite struct ByteSourceTests {
  /// Bytes in pieces of three, and then a failure.
  private final class Failing: ByteSource {
    let name = "bytes"
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
      rest = bytes[...]
    }

    func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
      if rest.isEmpty { throw Failure(.inputOutput, name, "broken") }
      let part = rest.prefix(min(3, buffer.count))
      buffer.copyBytes(from: part)
      rest = rest.dropFirst(part.count)
      return part.count
    }
  }

  /// The failure after the last byte of a full buffer comes with the next read.
  @Test(arguments: 1...7) func aFullBufferIsReturnedBeforeAFailure(size: Int) throws {
    let source = Failing([1, 2, 3, 4, 5, 6, 7])
    var buffer = [UInt8](repeating: 0, count: size)
    let count = try buffer.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) }
    #expect(count == size)
    #expect(buffer == Array(1...UInt8(size)))
    var more = [UInt8](repeating: 0, count: 8 - size)
    #expect(throws: Failure(.inputOutput, "bytes", "broken")) {
      try more.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) }
    }
  }
}

/// Bytes, followed by zeros.
private final class PaddedBytes: ByteSource {
  let name = "file.gz"
  private var bytes: [UInt8]
  private var zeros: Int

  init(_ bytes: [UInt8], zeros: Int) {
    self.bytes = bytes
    self.zeros = zeros
  }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    if !bytes.isEmpty {
      let part = bytes.prefix(buffer.count)
      buffer.copyBytes(from: part)
      bytes.removeFirst(part.count)
      return part.count
    }
    let count = min(zeros, buffer.count)
    UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]).initializeMemory(as: UInt8.self, repeating: 0)
    zeros -= count
    return count
  }
}
