import Testing

@testable import Digests

@Suite struct DigestTests {
  private let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

  @Test func acceptsAndPrintsTheCanonicalForm() throws {
    let digest = try #require(Digest("sha256:" + hello))
    #expect(digest.hex == hello)
    #expect(digest.description == "sha256:" + hello)
    #expect(Digest(hex: hello) == digest)
    let digits = "0123456789abcdef" + String(repeating: "f0", count: 24)
    #expect(Digest(hex: digits)?.hex == digits)
  }

  @Test(arguments: [
    "", "sha256:", "2cf24dba", "sha512:" + String(repeating: "a", count: 64),
    "sha256:" + String(repeating: "a", count: 63), "sha256:" + String(repeating: "a", count: 65),
    "sha256:" + String(repeating: "A", count: 64), "sha256:../../../../etc/passwd",
    "sha256:" + String(repeating: "g", count: 64), "sha256:" + String(repeating: "a", count: 63) + ":",
    "sha256:" + String(repeating: "a", count: 63) + "`", "sha256:/" + String(repeating: "a", count: 63),
    "sha256:" + String(repeating: "é", count: 32), " sha256:" + String(repeating: "a", count: 64),
  ])
  func refusesEverythingElse(text: String) {
    #expect(Digest(text) == nil)
  }

  @Test func hashesInPieces() {
    #expect(SHA256.digest(of: Array("hello".utf8)).hex == hello)
    var hash = SHA256()
    hash.update(Array("he".utf8))
    let early = hash.digest()
    hash.update(Array("llo".utf8))
    #expect(hash.digest().hex == hello)
    #expect(early == SHA256.digest(of: Array("he".utf8)))
    #expect(SHA256.digest(of: Array("olleh".utf8).reversed()).hex == hello)
    #expect(SHA256.digest(of: UnsafeRawBufferPointer(start: nil, count: 0)) == SHA256().digest())
    #expect(SHA256().digest().hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}

@Suite struct CRC64Tests {
  static let published: [(text: String, value: UInt64)] = [
    ("", 0), ("a", 0x3420_0000_0000_0000), ("\0", 0x6f90_0000_0000_0000),
    ("hello\n", 0x614c_3eee_e2d8_1000), ("123456789", 0xb909_56c7_75a4_1001),
    (String(repeating: "x", count: 512), 0xbcda_efff_ffff_ffff),
  ]

  @Test(arguments: published)
  func matchesPublishedValues(text: String, value: UInt64) {
    var crc = CRC64()
    Array(text.utf8).withUnsafeBytes { crc.update($0) }
    #expect(crc.value == value)
  }
}
