import Diagnostics
import ImageFormats
import ImageSource
import Outputs
import POSIX
import StoreFixtures
import Testing

/// A failed layer leaves no file, and a stream that is not a valid archive.
@Suite struct FailingLayerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let title: String
    let sizes: [Int]
    let failing: Int
    let fault: MemoryLayer.Fault

    var testDescription: String { title }

    var layers: [SourceLayer] {
      sizes.enumerated().map { index, size in
        MemoryLayer.layer(deterministicBytes(size, seed: UInt64(index + 1)), index == failing ? fault : nil)
      }
    }
  }

  static let chunk = 512 << 10

  static let cases = [
    Case(title: "open, first layer", sizes: [2000], failing: 0, fault: .open),
    Case(title: "open, second layer", sizes: [2000, 700], failing: 1, fault: .open),
    Case(title: "open, second layer on a block border", sizes: [1024, 512], failing: 1, fault: .open),
    Case(title: "open, layer of no bytes", sizes: [0], failing: 0, fault: .open),
    Case(title: "open, second layer of no bytes", sizes: [1000, 0], failing: 1, fault: .open),
    Case(title: "in the middle", sizes: [3 * chunk + 5], failing: 0, fault: .after(2 * chunk)),
    Case(title: "in the middle of the second", sizes: [100, 3 * chunk], failing: 1, fault: .after(chunk)),
    Case(title: "in the first chunk", sizes: [2000], failing: 0, fault: .after(10)),
    Case(title: "after the last byte", sizes: [chunk], failing: 0, fault: .after(chunk)),
    Case(title: "digest, whole blocks", sizes: [1024], failing: 0, fault: .flipped(1023)),
    Case(title: "digest, one byte over", sizes: [513], failing: 0, fault: .flipped(512)),
    Case(title: "digest, one byte", sizes: [1], failing: 0, fault: .flipped(0)),
    Case(title: "digest, one byte short of a block", sizes: [511], failing: 0, fault: .flipped(0)),
    Case(title: "digest, many chunks", sizes: [2 * chunk + 700], failing: 0, fault: .flipped(2 * chunk + 699)),
    Case(title: "digest, whole chunks", sizes: [2 * chunk], failing: 0, fault: .flipped(5)),
    Case(title: "digest, second layer", sizes: [512, 1300], failing: 1, fault: .flipped(0)),
    Case(title: "one byte short", sizes: [700], failing: 0, fault: .short(699)),
    Case(title: "short by blocks", sizes: [1700], failing: 0, fault: .short(512)),
    Case(title: "no byte at all", sizes: [1700], failing: 0, fault: .short(0)),
    Case(title: "one byte more", sizes: [512], failing: 0, fault: .long(1)),
    Case(title: "far more", sizes: [700], failing: 0, fault: .long(5 * chunk)),
    Case(title: "layer of no bytes that has some", sizes: [600, 0], failing: 1, fault: .long(3)),
  ]

  @Test(.timeLimit(.minutes(5)), arguments: cases)
  func aStreamIsRefusedByTar(_ test: Case) throws {
    let folder = try TemporaryDirectory()
    let (bytes, failure) = try streamed([makeImage(test.layers, tags: ["localhost/a:1"])], in: folder)
    #expect(failure?.subject == "memory")
    #expect(!bytes.isEmpty)
    #expect(try tarStatus(of: bytes, in: folder) != 0)
  }

  @Test(.timeLimit(.minutes(5)), arguments: cases)
  func noFileIsLeft(_ test: Case) throws {
    let folder = try TemporaryDirectory()
    func write(force: Bool) throws(Failure) {
      var target = OutputTarget(path: Path(folder.at("target")))
      target.force = force
      _ = try save([makeImage(test.layers)], to: target)
    }
    let failure = #expect(throws: Failure.self) { try write(force: false) }
    switch test.fault {
    case .open, .after: #expect(failure?.kind == .inputOutput)
    case .flipped, .short, .long: #expect(failure?.kind == .badData)
    }
    #expect(folder.entries() == [])
    try folder.write("old", to: "target")
    #expect(throws: Failure.self) { try write(force: true) }
    #expect(folder.entries() == ["target"])
    #expect(try folder.read("target") == Array("old".utf8))
  }

  @Test(arguments: cases)
  func withoutTheFaultTheStreamIsGood(_ test: Case) throws {
    let folder = try TemporaryDirectory()
    let layers = test.sizes.enumerated().map { index, size in
      MemoryLayer.layer(deterministicBytes(size, seed: UInt64(index + 1)))
    }
    let (bytes, failure) = try streamed([makeImage(layers)], in: folder)
    #expect(failure == nil)
    #expect(try bytes == written([makeImage(layers)]))
    #expect(try tarStatus(of: bytes, in: folder) == 0)
    let contents = try tarMembers(of: bytes).prefix(test.sizes.count).map(\.content)
    #expect(contents == test.sizes.enumerated().map { deterministicBytes($1, seed: UInt64($0 + 1)) })
  }

  @Test(arguments: [0, 700, 3 * chunk])
  func aFullOutputIsNoted(size: Int) {
    let image = makeImage([MemoryLayer.layer(deterministicBytes(size, seed: 1))], tags: ["localhost/a:1"])
    let failure = #expect(throws: Failure.self) {
      try save([image], to: OutputTarget(path: "/dev/full"))
    }
    #expect(failure == Failure(.inputOutput, "/dev/full", "No space left on device"))
  }

  @Test func theMessageSaysWhatDiffers() {
    func reason(_ fault: MemoryLayer.Fault) -> String? {
      let failure = #expect(throws: Failure.self) {
        try save([makeImage([MemoryLayer.layer([1, 2, 3], fault)])], to: OutputTarget(path: "/dev/null"))
      }
      return failure?.reason
    }
    #expect(reason(.short(2)) == "size mismatch: expected 3 bytes, got 2")
    #expect(reason(.long(2)) == "size mismatch: expected 3 bytes, got more")
    #expect(reason(.flipped(2))?.hasPrefix("digest mismatch: expected sha256:039058c6") == true)
    #expect(reason(.open) == "layer: cannot be opened")
  }
}
