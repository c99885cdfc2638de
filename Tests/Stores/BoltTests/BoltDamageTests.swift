import Diagnostics
import StoreFixtures
import Testing

@testable import Bolt

/// Hostile databases: failures, never traps, and work that is bounded by the size of the file.
@Suite struct BoltDamageTests {
  @Test(.timeLimit(.minutes(5))) func everyFlippedByteEndsWell() throws {
    let bytes = BoltBuilder.database(Array(sample.prefix(1)) + Array(sample.suffix(2)))
    var read = 0
    for index in bytes.indices {
      var flipped = bytes
      flipped[index] ^= [0x01, 0x80, 0xFF][index % 3]
      if check(index < 2048 ? resealed(flipped) : flipped) { read += 1 }
    }
    // Values, free pages and one of the two meta pages may be any bytes; the rest is structure.
    #expect(read > 1000)
    #expect(bytes.count - read > 100)
  }

  @Test(.timeLimit(.minutes(5))) func severalFlippedBytesEndWell() throws {
    let bytes = BoltBuilder.database(sample)
    var seed: UInt64 = 1
    var read = 0
    for _ in 0..<500 {
      var flipped = bytes
      for _ in 0..<4 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        flipped[Int(seed >> 33) % flipped.count] = UInt8(truncatingIfNeeded: seed >> 25)
      }
      if check(resealed(flipped)) { read += 1 }
    }
    #expect((40...200).contains(read))
  }

  @Test func treesThatAreNoTreesAreRefused() throws {
    // Page 3 is a branch; its first child becomes itself, or the second one.
    var bytes = BoltBuilder.database([("b", sample[1].entry)])
    let branch = try #require((2..<(bytes.count / 1024)).first { bytes[$0 * 1024 + 8] == 1 })
    let start = branch * 1024 + 16
    let second = Array(bytes[(start + 24)..<(start + 32)])
    for child in [little(UInt64(branch)), second, little(1), little(0), little(UInt64.max), little(1 << 40)] {
      bytes.replaceSubrange((start + 8)..<(start + 16), with: child)
      #expect(throws: Failure.self) {
        try BoltDatabase(bytes).read { root throws(Failure) in try root.lines() }
      }
    }
  }

  @Test func unorderedKeysAreRefused() throws {
    var bytes = BoltBuilder.database([("b", .value([1])), ("c", .value([2]))])
    bytes[2048 + 16 + 32] = UInt8(ascii: "d")
    expect(.badData, "page 2: the keys are not in order") { () throws(Failure) in
      try BoltDatabase(bytes).read { root throws(Failure) in try root.value("c") }
    }
  }

  @Test func hugeNumbersAreRefused() throws {
    for offset in [32, 56] {
      var bytes = BoltBuilder.database([("a", .value([1]))])
      for page in [0, 1024] { bytes.replaceSubrange((page + offset)..<(page + offset + 8), with: little(.max)) }
      bytes = resealed(bytes)
      #expect(throws: Failure.self) {
        try BoltDatabase(bytes).read { root throws(Failure) in try root.lines() }
      }
    }
  }

  /// Reads all of a database, and looks up what is in it; returns whether it can be read.
  private func check(_ bytes: [UInt8]) -> Bool {
    var results: [Bool] = []
    for limit in [BoltDatabase.copyLimit, 0] {
      do throws(Failure) {
        let database = try BoltDatabase(bytes, copyLimit: limit)
        try database.read { root throws(Failure) in
          try root.visit { key, _ throws(Failure) in
            if try root.entry(key) == nil { Issue.record("a key that is not found") }
          }
          _ = try root.lines()
        }
        results.append(true)
      } catch {
        if error.kind != .badData { Issue.record("\(error)") }
        results.append(false)
      }
    }
    #expect(results[0] == results[1])
    return results[0]
  }

  /// The database with right checksums.
  private func resealed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for page in [0, 1024] {
      let checksum = BoltBuilder.checksum(Array(bytes[(page + 16)..<(page + 72)]))
      bytes.replaceSubrange((page + 72)..<(page + 80), with: little(checksum))
    }
    return bytes
  }
}

private func little(_ value: UInt64) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
