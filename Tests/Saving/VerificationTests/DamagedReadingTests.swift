import Compression
import Diagnostics
import StoreFixtures
import Testing
import Verification

/// What follows an archive, and what cannot be read.
@Suite struct DamagedReadingTests {
  private static let files = BuiltArchive.hybrid([
    BuiltArchive.Image("localhost/a:1", layers: [[1], [2, 2]]),
    BuiltArchive.Image("localhost/b:1", layers: [[3]]),
  ])

  /// Zeros are read in pieces of 256 KiB; no byte of them is passed over.
  @Test(arguments: [0, 1, 511, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, (512 << 10) - 1])
  func aByteAfterTheEndIsFound(position: Int) throws {
    let archive = Archives.tar(Self.files)
    var zeros = [UInt8](repeating: 0, count: 512 << 10)
    #expect(try verify(archive + zeros).codes == [])
    zeros[position] = 1
    for usesThreads in [false, true] {
      let verification = try verify(archive + zeros) { $0.usesThreads = usesThreads }
      #expect(verification.codes == ["trailing-data"])
    }
    #expect(try verify(gzipped(archive + zeros)).codes == ["trailing-data"])
  }

  /// The buffer for zeros had other bytes before.
  @Test(arguments: [1, 2, 511, 512, 100_000])
  func zerosAfterTheEndAreNone(count: Int) throws {
    let stray = [(name: "stray", bytes: [UInt8](repeating: 1, count: 600 << 10))]
    let archive = Archives.tar(Self.files + stray)
    for usesThreads in [false, true] {
      let verification = try verify(archive + [UInt8](repeating: 0, count: count)) {
        $0.usesThreads = usesThreads
      }
      #expect(verification.codes == [])
    }
  }

  /// A disk that fails is no fault of the archive.
  @Test(arguments: [false, true], [false, true])
  func aSourceThatFailsIsNoFault(isCompressed: Bool, usesThreads: Bool) throws {
    let inner = gzipped(Archives.tar([("x", [UInt8](repeating: 7, count: 5000))]))
    let archive = Archives.tar(Self.files + [("inner.gz", inner), ("inner.tar", Archives.tar([("y", [1])]))])
    let bytes = isCompressed ? gzipped(archive) : archive
    for end in stride(from: 0, to: bytes.count, by: 97) {
      let source = FailingBytes(Array(bytes[..<end]))
      var options = Verification.Options()
      (options.isDeep, options.usesThreads) = (end % 2 == 0, usesThreads)
      let failure = #expect(throws: Failure.self, "\(end)") { try Verification(archive: source, options) }
      #expect(failure == FailingBytes.failure, "\(end)")
    }
  }
}

/// Bytes that end in a failure.
private final class FailingBytes: ByteSource {
  static let failure = Failure(.inputOutput, "disk", "Input/output error")
  let name = "disk"
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    if rest.isEmpty { throw FailingBytes.failure }
    let part = rest.prefix(buffer.count)
    buffer.copyBytes(from: part)
    rest = rest.dropFirst(part.count)
    return part.count
  }
}
