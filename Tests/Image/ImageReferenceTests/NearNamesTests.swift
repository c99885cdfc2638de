import ImageReference
import Testing

/// Suggestions for a name that is not there.
@Suite struct NearNamesTests {
  @Test(
    arguments: [
      // An error of spelling, also in a part of the name.
      ("sample", ["localhost/sampel:latest"], ["sampel:latest"]),
      ("sample:1", ["docker.io/library/smaple:1"], ["smaple:1"]),
      ("SAMPLE", ["docker.io/acme/sample:2"], ["acme/sample:2"]),
      ("quay.io/acme/app:1", ["quay.io/acne/app:1"], ["quay.io/acne/app:1"]),
      ("app:1", ["quay.io/acme/appp:1"], ["quay.io/acme/appp:1"]),
      // Another tag; none means `latest`.
      ("sample:2", ["docker.io/library/sample:1"], ["sample:1"]), ("sample", ["sample:1"], ["sample:1"]),
      ("sample", ["localhost/sample:latest"], []), ("sample:latest", ["localhost/sample"], []),
      // Short names: two letters must be right, of three one may be wrong.
      ("ab", ["ac:latest"], []), ("ab", ["ab:1"], ["ab:1"]), ("abc", ["abd:latest"], ["abd:latest"]),
      ("abc", ["axy:latest"], []), ("abcdefg", ["abxdexg:latest"], []),
      ("abcdefgh", ["abxdexgh:latest"], ["abxdexgh:latest"]),
      // A part at the start or the end, of three letters.
      ("sam", ["sample:latest"], ["sample:latest"]), ("ple", ["sample:latest"], ["sample:latest"]),
      ("mpl", ["sample:latest"], []), ("sa", ["sample:latest"], []), ("sample", ["quay.io/other/thing:1"], []),
      // A port is no tag.
      ("localhost:5000/sampel", ["localhost:5000/sample:latest"], ["localhost:5000/sample:latest"]),
      ("", ["a:1"], []), (":1", ["a:1"], []), ("sample", [], []),
    ] as [(String, [String], [String])])
  func names(input: String, names: [String], near: [String]) {
    #expect(namesNear(input, among: names) == near)
  }

  /// Spelling counts twice, a tag once, a part four times; then the alphabet; three at most.
  @Test func theNearestComeFirst() {
    let names = [
      "other:1", "samplesamplesample:1", "sampel:2", "sampel:1", "sample:2", "localhost/sample:3",
      "docker.io/library/sample:3",
    ]
    #expect(namesNear("sample:1", among: names) == ["sample:2", "sample:3", "sampel:1"])
    #expect(namesNear("sample:1", among: names.prefix(4)) == ["sampel:1", "sampel:2", "samplesamplesample:1"])
    #expect(namesNear("sample:1", among: names.reversed()) == ["sample:2", "sample:3", "sampel:1"])
    #expect(namesNear("sample:1", among: ["sampel:1", "sample:1", "sample:9"]) == ["sample:9", "sampel:1"])
  }

  @Test(arguments: [
    ("localhost/a:1", ["localhost/a:1", "a:1"], ["localhost/a:1"]),
    ("docker.io/library/a:1", ["docker.io/library/a:1", "a:1"], ["docker.io/library/a:1", "a:1"]),
    ("docker.io/b/a:1", ["docker.io/b/a:1", "b/a:1"], ["docker.io/b/a:1", "b/a:1"]),
    ("quay.io/a:1", ["quay.io/a:1"], ["quay.io/a:1"]), ("a", ["a"], ["a"]),
  ])
  func namesMayBeTypedWithoutTheirRegistry(name: String, podman: [String], docker: [String]) {
    #expect(typedForms(of: name) == podman)
    #expect(dockerForms(of: name) == docker)
  }
}
