import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON
import Testing

/// Sequences of podman save into one layout, and the resulting index.
@Suite struct OCIIndexTests {
  private let one = Blob(mediaType: .ociManifest, bytes: Array("one".utf8))
  private let two = Blob(mediaType: .ociManifest, bytes: Array("two".utf8))

  private func reference(_ name: String?) -> IndexName? { name.map { IndexName($0, in: .reference) } }

  /// The entries as `digest prefix=name`.
  private func entries(_ index: OCIIndex) throws -> [String] {
    let value = try JSONValue(parsing: index.encoded)
    let manifests = try #require(value["manifests"])
    return manifests.elements.map { entry in
      let digest = entry["digest"]?.string
      let blob = digest == one.digest.description ? "one" : digest == two.digest.description ? "two" : "?"
      return "\(blob)=\(entry["annotations"]?["org.opencontainers.image.ref.name"]?.string ?? "")"
    }
  }

  static let sequences: [(adds: [(blob: Int, name: String?)], expected: [String])] = [
    ([(1, "a:1")], ["one=a:1"]),
    ([(1, "a:1"), (1, "a:1")], ["one=a:1"]),
    ([(1, "a:1"), (1, "b:1")], ["one=a:1", "one=b:1"]),
    ([(1, "a:1"), (2, "a:1")], ["one=", "two=a:1"]),
    ([(1, nil), (1, nil)], ["one="]),
    ([(1, nil), (1, "a:1")], ["one=a:1"]),
    ([(1, "a:1"), (1, nil)], ["one=a:1", "one="]),
    ([(1, "a:1"), (2, "b:1"), (1, "a:1")], ["one=a:1", "two=b:1"]),
    ([(1, "a:1"), (2, "a:1"), (1, "a:1")], ["one=a:1", "two="]),
  ]

  @Test(arguments: sequences)
  func addsAsContainersImageDoes(
    sequence: (adds: [(blob: Int, name: String?)], expected: [String])
  ) throws {
    var index = OCIIndex()
    for add in sequence.adds { index.add(add.blob == 1 ? one : two, name: reference(add.name)) }
    #expect(try entries(index) == sequence.expected)
    // A written index can be read and added to in the same way.
    var again = OCIIndex()
    for add in sequence.adds {
      again.add(add.blob == 1 ? one : two, name: reference(add.name))
      again = try OCIIndex(parsing: again.encoded)
    }
    #expect(again.encoded == index.encoded)
  }

  @Test func aFreshIndexHasTheBytesOfContainersImage() {
    var index = OCIIndex()
    index.add(one, name: reference("localhost/tiny:oci"))
    let expected =
      #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":["#
      + #"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\#(one.digest)","size":3,"#
      + #""annotations":{"org.opencontainers.image.ref.name":"localhost/tiny:oci"}}]}"#
    #expect(String(decoding: index.encoded, as: UTF8.self) == expected)
  }

  @Test func aNameInBothAnnotationsLeavesItsOldEntryWhole() throws {
    var index = OCIIndex()
    index.add(one, name: IndexName("localhost/a:1", in: .both))
    index.add(one, name: IndexName("localhost/a__b:1", in: .containerd))
    index.add(two, name: IndexName("localhost/a:1", in: .both))
    func annotations(_ index: OCIIndex) throws -> [[String: String]] {
      try #require(try JSONValue(parsing: index.encoded)["manifests"]).elements.map { entry in
        var result: [String: String] = [:]
        guard let members = entry["annotations"]?.members else { return result }
        for (key, value) in members { result[try #require(key.string)] = value.string }
        return result
      }
    }
    let (reference, containerd) = ("org.opencontainers.image.ref.name", "io.containerd.image.name")
    #expect(
      try annotations(index) == [
        [:], [containerd: "localhost/a__b:1"], [containerd: "localhost/a:1", reference: "localhost/a:1"],
      ])
    // As for containers/image, the first entry of the manifest without a name takes the new one.
    index.add(one, name: IndexName("localhost/a__b:1", in: .containerd))
    #expect(
      try annotations(index) == [
        [containerd: "localhost/a__b:1"], [:], [containerd: "localhost/a:1", reference: "localhost/a:1"],
      ])
  }

  @Test func anotherToolsEntryWithTheNameLosesBothAnnotations() throws {
    let text = """
      {"schemaVersion":2,"manifests":[{"mediaType":"m","size":1,"digest":"\(two.digest)","annotations":\
      {"io.containerd.image.name":"localhost/a:1","org.opencontainers.image.ref.name":"1","other":"x"}}]}
      """
    var index = try OCIIndex(parsing: Array(text.utf8))
    index.add(one, name: IndexName("localhost/a:1", in: .both))
    let manifests = try #require(try JSONValue(parsing: index.encoded)["manifests"]).elements.map { $0 }
    #expect(manifests.count == 2)
    #expect(manifests[0]["annotations"]?.members.map { $0.key.string } == ["other"])
  }

  @Test func whatTheSpecKnowsIsKeptAndTheRestDropped() throws {
    let text = """
      { "manifests": [ {"mediaType":"m","size":1,"digest":"sha256:\(one.digest.hex)",
        "platform":{"os":"linux","architecture":"arm","variant":"v7"},"annotations":{"k":"<v>"},"foreign":1} ],
        "annotations": {"a":"b"}, "foreign": true, "artifactType": "t" } trailing junk
      """
    let index = try OCIIndex(parsing: Array(text.utf8))
    let expected =
      #"{"schemaVersion":0,"artifactType":"t","manifests":[{"mediaType":"m","digest":"\#(one.digest)","size":1,"#
      + #""annotations":{"k":"\u003cv\u003e"},"platform":{"architecture":"arm","os":"linux","variant":"v7"}}],"#
      + #""annotations":{"a":"b"}}"#
    #expect(String(decoding: index.encoded, as: UTF8.self) == expected)
  }

  @Test func anIndexIsEmptyUntilSomethingIsAdded() throws {
    var index = OCIIndex()
    #expect(index.isEmpty && index.digests == [])
    for text in ["{}", #"{"manifests":null}"#, #"{"manifests":[]}"#] {
      #expect(try OCIIndex(parsing: Array(text.utf8)).isEmpty)
    }
    index.add(one, name: nil)
    index.add(two, name: nil)
    #expect(!index.isEmpty)
    #expect(index.digests == [one.digest, two.digest])
    let text = #"{"manifests":[{"digest":"x"},{"digest":"\#(two.digest)"}]}"#
    #expect(try OCIIndex(parsing: Array(text.utf8)).digests == [two.digest])
  }

  @Test(arguments: ["", "{", "[]", "{\"manifests\":1}", "{\"manifests\":[{\"size\":\"1\"}]}", "x"])
  func refusesWhatIsNoIndex(text: String) {
    let failure = #expect(throws: Failure.self) { try OCIIndex(parsing: Array(text.utf8)) }
    #expect(failure?.kind == .badData)
  }
}
