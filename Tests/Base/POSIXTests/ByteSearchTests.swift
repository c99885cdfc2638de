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

  @Test func bytesAroundAreNoPart() {
    Array("abcabd".utf8).withUnsafeBytes { bytes in
      func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range])
      }
      #expect(!part(0..<5).contains(part(3..<6)))
      #expect(!part(1..<6).contains(part(0..<3)))
      #expect(part(1..<5).contains(part(0..<2)))
    }
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    [UInt8(1)].withUnsafeBytes { one in
      #expect(!nothing.contains(one))
      #expect(one.contains(nothing))
    }
    #expect(nothing.contains(nothing))
  }
}
