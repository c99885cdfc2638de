import Testing

@testable import ImageReference

@Suite struct HostileInputTests {
  /// Outside ASCII, only the dotted capital I and the Kelvin sign have ASCII in lower case.
  @Test(arguments: [
    ("F", ReferenceError.uppercase), ("\u{212A}", .uppercase), ("f\u{130}", .uppercase),
    ("É", .invalidFormat), ("Fé", .invalidFormat), ("\u{131}", .invalidFormat), ("ｆoo", .invalidFormat),
    ("foo\n", .invalidFormat), ("foo\r\n", .invalidFormat), ("foo\0", .invalidFormat),
    ("foo:\u{662}", .invalidFormat), ("foo:1\n", .invalidFormat), ("fo\u{301}o", .invalidFormat),
    ("x.io:\u{661}/foo", .invalidFormat), ("X.io/FOO:\u{212A}", .uppercase),
  ])
  func looksAtBytes(text: String, error: ReferenceError) {
    #expect(throws: error) { try ImageReference.parse(text) }
  }

  @Test(arguments: [
    ("É", ReferenceError.uppercaseRepository), ("\u{212A}", .uppercaseRepository), ("é", .invalidFormat),
    ("\u{10400}", .uppercaseRepository), ("猫", .invalidFormat), ("X.io/é:É", .invalidFormat),
    ("foo@SHA256:" + aaa(64), .uppercaseRepository), ("", .invalidFormat), ("/", .invalidFormat),
  ])
  func knowsUpperCaseOfAllScripts(text: String, error: ReferenceError) {
    #expect(throws: error) { try ImageReference.parseNormalized(text) }
  }

  @Test(
    arguments: [
      ("sha256:" + aaa(64), nil), ("sha384:" + aaa(96), nil), ("sha512:" + aaa(128), nil),
      ("sha256:" + aaa(63), ReferenceError.digestLength), ("sha512:" + aaa(64), .digestLength),
      ("sha256:A" + aaa(63), .digestFormat), ("sha256:A" + aaa(64), .digestLength),
      ("SHA256:" + aaa(64), .digestFormat), ("sha256+B64:" + aaa(64), .digestFormat),
      ("md5:" + aaa(32), .digestAlgorithm), ("sha256+b64:A" + aaa(31), .digestAlgorithm),
      ("sha256:" + aaa(31), .invalidFormat), ("sha-:" + aaa(64), .invalidFormat),
      ("sha256+6:" + aaa(64), .invalidFormat), ("5md:" + aaa(64), .invalidFormat), ("", .invalidFormat),
      (":" + aaa(64), .invalidFormat), ("sha256:" + aaa(64) + "\n", .invalidFormat),
      ("sha256:" + aaa(32) + "@sha256:" + aaa(64), .invalidFormat),
    ] as [(String, ReferenceError?)])
  func checksDigests(digest: String, expected: ReferenceError?) {
    var thrown: ReferenceError?
    do {
      #expect(try ImageReference.parse("foo:1@" + digest).digest == digest)
    } catch {
      thrown = error
    }
    #expect(thrown == expected)
  }

  @Test func countsBytesForItsLimits() throws {
    #expect(try ImageReference.parse("x/" + aaa(253)).name.utf8.count == 255)
    #expect(throws: ReferenceError.tooLong) { try ImageReference.parse("x/" + aaa(254)) }
    #expect(throws: ReferenceError.tooLong) { try ImageReference.parseNormalized(aaa(240)) }
    #expect(try ImageReference.normalizedName(aaa(240)).tag == "latest")
    #expect(try ImageReference.parse("a:" + aaa(128)).tag == aaa(128))
    #expect(throws: ReferenceError.invalidFormat) { try ImageReference.parse("a:" + aaa(129)) }
  }

  /// Long texts that make backtracking patterns slow.
  @Test(
    .timeLimit(.minutes(5)), arguments: ["a", "-", "a-", "a/", "/", ":", "@", "a:", "A.", "_", "\u{212A}", "É"])
  func readsHugeTextsOnce(piece: String) {
    let text = "a" + String(repeating: piece, count: 100_000 / piece.utf8.count)
    for ending in ["", "a", "!"] {
      #expect(throws: ReferenceError.self) { try ImageReference.parse(text + ending) }
      #expect(throws: ReferenceError.self) { try ImageReference.parseNormalized(text + ending) }
      _ = ImageReference.isValidOCIReferenceName(text + ending)
    }
  }

  /// No text may stop the program: random texts of significant characters.
  @Test func survivesNoise() {
    var generator = Noise(state: 42)
    let alphabet = Array("aA0-_.:/@+ é\u{212A}\n\0[]".unicodeScalars)
    var accepted = 0
    for _ in 0..<20_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...12, using: &generator) {
        text.append(alphabet[Int.random(in: alphabet.indices, using: &generator)])
      }
      let input = String(text)
      guard let reference = try? ImageReference.parse(input) else { continue }
      #expect(Exact(reference.description) == Exact(input))
      accepted += 1
    }
    // Most noise is not a name; short runs of letters are.
    #expect((100...2000).contains(accepted))
  }
}

private func aaa(_ count: Int) -> String {
  String(repeating: "a", count: count)
}

/// A generator of the same numbers in every run.
private struct Noise: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
