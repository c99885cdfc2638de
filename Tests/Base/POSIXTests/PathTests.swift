import POSIX
import Testing

@Suite struct PathTests {
  @Test(
    arguments: [
      ("", ".", ""), ("a", ".", "a"), ("a/", ".", "a"), ("/", "/", ""), ("//", "/", ""), ("/a", "/", "a"),
      ("/a/b", "/a", "b"), ("a/b//", "a", "b"), ("./a", ".", "a"), ("a/..", "a", ".."), ("/a/b/c", "/a/b", "c"),
    ])
  func divides(path: String, parent: String, last: String) {
    #expect(Path(path).parent == Path(parent))
    #expect(Path(path).lastComponent == Path(last))
  }

  @Test(
    arguments: [
      ("", "a", "a"), ("a", "b", "a/b"), ("a/", "b", "a/b"), ("/", "b", "/b"), ("/a", "b/c", "/a/b/c"),
    ])
  func appends(path: String, component: String, whole: String) {
    #expect(Path(path).appending(component) == Path(whole))
  }

  /// The table of TestClean in Go's path/filepath.
  @Test(
    arguments: [
      ("abc", "abc"), ("abc/def", "abc/def"), ("a/b/c", "a/b/c"), (".", "."), ("..", ".."), ("../..", "../.."),
      ("../../abc", "../../abc"), ("/abc", "/abc"), ("/", "/"), ("", "."), ("abc/", "abc"),
      ("abc/def/", "abc/def"),
      ("a/b/c/", "a/b/c"), ("./", "."), ("../", ".."), ("../../", "../.."), ("/abc/", "/abc"),
      ("abc//def//ghi", "abc/def/ghi"), ("abc//", "abc"), ("//abc", "/abc"), ("///abc", "/abc"),
      ("//abc//", "/abc"),
      ("abc/./def", "abc/def"), ("/./abc/def", "/abc/def"), ("abc/.", "abc"),
      ("abc/def/ghi/../jkl", "abc/def/jkl"),
      ("abc/def/../ghi/../jkl", "abc/jkl"), ("abc/def/..", "abc"), ("abc/def/../..", "."),
      ("/abc/def/../..", "/"),
      ("abc/def/../../..", ".."), ("/abc/def/../../..", "/"),
      ("abc/def/../../../ghi/jkl/../../../mno", "../../mno"),
      ("/../abc", "/abc"), ("a/../b:/../../c", "../c"), ("abc/./../def", "def"), ("abc//./../def", "def"),
      ("abc/../../././../def", "../../def"), ("..a/...", "..a/..."), ("../../a/../..", "../../.."),
    ])
  func isCleaned(path: String, wanted: String) {
    #expect(Path(path).cleaned == Path(wanted))
    let below = Path.cleaned(belowRoot: Array(path.utf8))
    #expect([UInt8(ascii: "/")] + below == Path("/" + path).cleaned.bytes)
  }

  @Test func aSuffixFollowsTheLastByte() {
    #expect(Path("a/b").withSuffix(".x") == "a/b.x")
    #expect(Path("/").isAbsolute && !Path("a/").isAbsolute && !Path("").isAbsolute)
  }

  @Test func bytesDecideNotCharacters() {
    #expect(Path("e\u{301}") != Path("\u{e9}"))
    #expect(Set([Path("e\u{301}"), Path("\u{e9}")]).count == 2)
    #expect(Path([0x61, 0xFF] as [UInt8]).bytes == [0x61, 0xFF])
    #expect(Path([0x61, 0x00, 0x62] as [UInt8]).bytes == [0x61])
  }

  @Test func isShownWithoutControlCharacters() {
    #expect("\(Path("a\nb"))" == "a\\nb")
    #expect("\(Path([0x61, 0xE9] as [UInt8]))" == "a\\xe9")
  }

  @Test func becomesACString() {
    let bytes = Path([0x61, 0xFF] as [UInt8]).withCString { pointer in
      [pointer[0], pointer[1], pointer[2]].map { UInt8(bitPattern: $0) }
    }
    #expect(bytes == [0x61, 0xFF, 0])
  }
}
