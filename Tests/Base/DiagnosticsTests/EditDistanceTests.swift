import Diagnostics
import Testing

@Suite("Edit distance")
struct EditDistanceTests {
  @Test(
    "Insertions, omissions, replacements and swaps count one each",
    arguments: [
      ("", "", 0), ("a", "", 1), ("sample", "sample", 0), ("sampel", "sample", 1), ("smaple", "sample", 1),
      ("sampl", "sample", 1), ("sammple", "sample", 1), ("sbmple", "sample", 1), ("kitten", "sitting", 3),
      ("asmple", "sample", 1), ("ca", "abc", 3), ("ab", "cd", 2), ("abcd", "badc", 2), ("abcd", "acbd", 1),
      ("aabb", "abab", 1), ("abc", "cab", 2), ("xabc", "abc", 1), ("abcx", "abc", 1), ("é", "e", 2),
    ])
  func distance(first: String, second: String, expected: Int) {
    #expect(editDistance(first, second, limit: 9) == expected)
    #expect(editDistance(second, first, limit: 9) == expected)
    #expect(editDistance(first, second, limit: expected) == expected)
    #expect(editDistance(first, second, limit: expected - 1) == nil)
  }

  @Test("The nearest word is found, the first of several; distant words are not")
  func nearestWord() {
    let formats = ["docker-archive", "docker-dir", "oci-archive", "oci-dir"]
    #expect(nearest(to: "docker-archiv", among: formats) == "docker-archive")
    #expect(nearest(to: "OCI-Dir", among: formats) == "oci-dir")
    #expect(nearest(to: "oci", among: formats) == nil)
    #expect(nearest(to: "zip", among: formats) == nil)
    #expect(nearest(to: "", among: formats) == nil)
    #expect(nearest(to: "docker-dr", among: ["docker-dx", "docker-dir", "docker-d"]) == "docker-dx")
    #expect(nearest(to: "docker-dr", among: ["docker-dxx", "docker-d"]) == "docker-d")
    #expect(nearest(to: "a", among: []) == nil)
  }

  @Test(
    "A third of the letters may be wrong, and one always",
    arguments: [
      ("ab", "ac", true), ("ab", "cd", false), ("a", "b", true), ("abcde", "abcxe", true),
      ("abcde", "axcxe", false),
      ("abcdef", "axcxef", true), ("abcdef", "axcxex", false), ("abcdefghi", "xbcxefxhi", true),
    ])
  func nearEnough(word: String, candidate: String, expected: Bool) {
    #expect(nearest(to: word, among: [candidate]) == (expected ? candidate : nil))
  }
}
