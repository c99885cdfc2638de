import POSIX
import Testing

@Suite("Search for bytes")
struct ByteSearchTests {
  @Test(
    "Bytes occur at the start, in the middle, at the end, or not",
    arguments: [
      ("sample", "sam", true), ("sample", "mpl", true), ("sample", "ple", true), ("sample", "sample", true),
      ("sample", "", true), ("", "", true), ("", "s", false), ("sample", "samples", false),
      ("sample", "spl", false),
      ("aab", "ab", true), ("a\0b", "\0b", true), ("ababac", "abac", true),
    ])
  func contains(text: String, part: String, expected: Bool) {
    let found = Array(text.utf8).withUnsafeBytes { bytes in
      Array(part.utf8).withUnsafeBytes { bytes.contains($0) }
    }
    #expect(found == expected)
  }
}
