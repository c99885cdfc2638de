import Diagnostics
import StoreFixtures
import Testing

@testable import KnownLayers

/// Lists of any length are read up to a limit, and not one byte more.
@Suite struct ListLimitTests {
  @Test(arguments: [0, 1, 10])
  func aTextUpToTheLimitIsRead(count: Int) throws {
    let bytes = deterministicBytes(count, seed: 1)
    #expect(try MemoryBytes(bytes).contents(limit: 10) == bytes)
  }

  @Test func oneByteMoreIsRefused() {
    let failure = #expect(throws: Failure.self) {
      try MemoryBytes(deterministicBytes(11, seed: 1)).contents(limit: 10)
    }
    #expect(failure == Failure(.badData, "", "longer than 10 bytes"))
  }

  @Test func aListIsDrained() throws {
    let source = MemoryBytes(deterministicBytes(600_000, seed: 1))
    try source.drain()
    #expect(try source.contents(limit: 1) == [])
  }

  /// The texts of an archive are kept until its end.
  @Test(arguments: [0, 1])
  func allTextsOfAnArchiveHaveALimit(excess: Int) throws {
    var tar = TarBuilder()
    var text = [UInt8](repeating: 0x20, count: 4 << 20)
    text[0] = UInt8(ascii: "{")
    for number in 0..<15 { tar.file("\(number)", text) }
    tar.file("last", Array(text.dropLast(1 - excess)))
    tar.file("one", [UInt8(ascii: "{")])
    let archive = MemoryBytes(tar.finish().bytes)
    if excess == 0 {
      _ = try ImageTexts(archive: archive)
    } else {
      let failure = #expect(throws: Failure.self) { try ImageTexts(archive: archive) }
      #expect(failure?.reason == "more than 67108864 bytes of JSON")
    }
  }
}
