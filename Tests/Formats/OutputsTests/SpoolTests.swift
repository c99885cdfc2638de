import Diagnostics
import StoreFixtures
import Testing

@testable import Outputs

/// A layer in a temporary file comes back as it was written.
@Suite struct SpoolTests {
  private static let piece = 512 << 10

  @Test(arguments: [0, 1, piece - 1, piece, piece + 1, 2 * piece])
  func theBytesComeBack(count: Int) throws {
    let bytes = deterministicBytes(count, seed: 5)
    let spool = try Spool()
    for start in stride(from: 0, to: count, by: 300_000) {
      try Array(bytes[start..<min(start + 300_000, count)]).withBytes { bytes throws(Failure) in
        try spool.write(bytes)
      }
    }
    var found: [UInt8] = []
    var pieces = 0
    try spool.read(UInt64(count)) { bytes throws(Failure) in
      found += bytes
      pieces += 1
    }
    #expect(found == bytes)
    #expect(pieces == (count + Self.piece - 1) / Self.piece)
  }

  @Test func aLayerThatIsShorterThanSaidIsRefused() throws {
    let spool = try Spool()
    try ([1, 2, 3] as [UInt8]).withBytes { bytes throws(Failure) in try spool.write(bytes) }
    let failure = #expect(throws: Failure.self) { try spool.read(4) { _ in } }
    #expect(failure?.kind == .inputOutput && failure?.reason == "spooled layer is truncated")
  }

  @Test func aFailureOfTheSinkEndsTheReading() throws {
    let spool = try Spool()
    try [UInt8](repeating: 1, count: 2 * Self.piece).withBytes { bytes throws(Failure) in
      try spool.write(bytes)
    }
    var calls = 0
    let failure = Failure(.inputOutput, "pipe", "broken")
    #expect(throws: failure) {
      try spool.read(UInt64(2 * Self.piece)) { _ throws(Failure) in
        calls += 1
        throw failure
      }
    }
    #expect(calls == 1)
  }
}
