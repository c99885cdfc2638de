import Digests
import JSON
import POSIX
import Testing

@testable import ContainersStorage

/// What the members of an image's record match, and that other values there match nothing.
@Suite struct ImageMatchingTests {
  private static let digest = "sha256:" + String(repeating: "1", count: 64)

  private func image(_ record: String) throws -> ImageEntry {
    let text = record.replacing("DIGEST", with: Self.digest)
    return ImageEntry(record: try JSONValue(parsing: Array(text.utf8)), directory: "/nowhere")
  }

  @Test(arguments: [
    "{}", "null", "7", #"{"id":7,"names":"DIGEST","digest":7,"big-data-digests":["DIGEST"]}"#,
    #"{"names":[7,null,["DIGEST"]],"big-data-digests":{"manifest":7,"manifest-x":{}}}"#,
    #"{"id":null,"names":{"DIGEST":"DIGEST"},"digest":["DIGEST"]}"#,
  ]) func otherValuesMatchNothing(record: String) throws {
    let image = try image(record)
    let text = Array(Self.digest.utf8)
    #expect(!image.hasName(utf8: text))
    #expect(!image.hasName(containing: text))
    #expect(!image.hasDigest(utf8: text))
    #expect(!image.hasIDPrefix(Array("sha".utf8)))
    #expect(!image.hasID(utf8: text))
    #expect(image.digests.isEmpty && image.names.isEmpty && image.id == nil && image.furtherManifests.isEmpty)
  }

  @Test func namesAreComparedAsAWholeOrInPart() throws {
    let image = try image(#"{"names":["localhost/a:1","b"]}"#)
    for (text, isName, isPart) in [
      ("localhost/a:1", true, true), ("b", true, true), ("a:1", false, true), ("localhost/a:1b", false, false),
      ("c", false, true), ("d", false, false),
    ] {
      #expect(image.hasName(utf8: Array(text.utf8)) == isName, "\(text)")
      #expect(image.hasName(containing: Array(text.utf8)) == isPart, "\(text)")
    }
  }

  @Test func anIDMatchesByItsStart() throws {
    let image = try image(#"{"id":"abc"}"#)
    for (text, isPrefix) in [("", true), ("a", true), ("abc", true), ("abcd", false), ("bc", false)] {
      #expect(image.hasIDPrefix(Array(text.utf8)) == isPrefix, "\(text)")
      #expect(image.hasID(utf8: Array(text.utf8)) == (text == "abc"), "\(text)")
    }
  }

  @Test(arguments: [
    (#"{"digest":"DIGEST"}"#, true), (#"{"digest":"sha256:0"}"#, false),
    (#"{"digest":"sha256:0","big-data-digests":{"manifest":"DIGEST"}}"#, true),
    (#"{"big-data-digests":{"x":"DIGEST","manifest-1":"sha256:0","manifest-2":"DIGEST"}}"#, true),
    (#"{"big-data-digests":{"DIGEST":"DIGEST","manifest":"sha256:0"}}"#, false),
    (#"{"big-data-digests":{"manifes":"DIGEST"}}"#, false),
  ]) func digestsOfManifestsMatch(record: String, isRight: Bool) throws {
    #expect(try image(record).hasDigest(utf8: Array(Self.digest.utf8)) == isRight)
  }

  @Test func furtherManifestsAreItemsWithADigest() throws {
    let image = try image(#"{"big-data-names":["manifest","manifest-x",7,"x","manifest-DIGEST","DIGEST"]}"#)
    #expect(image.furtherManifests.map(\.description) == [Self.digest])
  }
}
