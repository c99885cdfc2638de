import Digests
import ImageModel
import Testing

@testable import ImageManifest

@Suite struct ManifestListTests {
  private static let amd = Platform(os: "linux", architecture: "amd64")
  private static let arm = Platform(os: "linux", architecture: "arm", variant: "v7")
  private static let oldArm = Platform(os: "linux", architecture: "arm", variant: "v6")
  private static let zstd = #","annotations":{"io.github.containers.compression.zstd":"true"}"#

  private static func entry(_ digest: String, _ platform: Platform?, more: String = "") -> String {
    let platform = platform.map {
      #","platform":{"os":"\#($0.os)","architecture":"\#($0.architecture)","variant":"\#($0.variant)"}"#
    }
    return #"{"digest":"\#(digest)","size":1\#(platform ?? "")\#(more)}"#
  }

  private static func list(_ entries: [String], _ type: MediaType = .ociIndex) -> [UInt8] {
    Array(#"{"mediaType":"\#(type)","manifests":[\#(entries.joined(separator: ","))]}"#.utf8)
  }

  static let choices: [([String], [Platform], String?)] = [
    ([], [amd], nil), ([entry("a", amd)], [], nil), ([entry("a", amd)], [arm], nil),
    ([entry("a", amd), entry("b", arm), entry("c", amd)], [amd], "a"),
    ([entry("a", oldArm), entry("b", arm)], [arm, oldArm], "b"),
    ([entry("a", oldArm), entry("b", amd)], [arm, oldArm], "a"),
    // The last choice: no platform.
    ([entry("a", nil), entry("b", oldArm)], [arm, oldArm], "b"),
    ([entry("a", nil), entry("b", amd)], [arm], "a"), ([entry("a", nil)], [], "a"),
    // A better platform counts before better compression, and that before the position in the list.
    ([entry("a", oldArm, more: zstd), entry("b", arm)], [arm, oldArm], "b"),
    ([entry("a", amd), entry("b", amd, more: zstd), entry("c", amd, more: zstd)], [amd], "b"),
    ([entry("a", nil), entry("b", nil, more: zstd)], [amd], "b"),
    ([entry("a", amd), entry("b", amd, more: zstd.replacing("true", with: "TRUE"))], [amd], "a"),
  ]

  @Test(arguments: choices)
  func choosesTheInstance(entries: [String], wanted: [Platform], digest: String?) throws {
    #expect(try ManifestList(parsing: Self.list(entries)).instance(for: wanted) == digest)
  }

  @Test func dockersListsKnowNoCompression() throws {
    let entries = [Self.entry("a", nil), Self.entry("b", Self.amd), Self.entry("c", Self.amd, more: Self.zstd)]
    let list = try ManifestList(parsing: Self.list(entries, .dockerManifestList))
    #expect(list.instance(for: [Self.amd]) == "b")
    #expect(list.instances.allSatisfy { !$0.isZstd })
    #expect(list.instance(for: [Self.arm]) == nil)
    #expect(list.instances[0].platform == Platform(os: "", architecture: ""))
    #expect(list.name == "manifest list")
    #expect(try ManifestList(parsing: Self.list([])).name == "image index")
  }

  @Test func entriesAreCheckedAndCounted() throws {
    let good = #"{"mediaType":"m","digest":"\#(digestText("a"))","size":1}"#
    let damages = [
      (#"{"mediaType":"m","digest":"x","size":1}"#, #"invalid digest "x" of manifest 2"#),
      (good.replacing(":1}", with: ":-1}"), "invalid size -1 of manifest 2"),
    ]
    for type in [MediaType.ociIndex, .dockerManifestList] {
      let entries = try ManifestList.entries(parsing: Self.list([good, good], type))
      #expect(entries.map(\.digest.description) == [digestText("a"), digestText("a")])
      #expect(try listedManifests(parsing: Self.list([good, good], type)) == entries)
      for (damage, words) in damages {
        #expect(reason { _ = try ManifestList.entries(parsing: Self.list([good, damage], type)) } == words)
      }
    }
  }

  /// The text of an index.json says what it is by its place.
  @Test(arguments: ["{}", #"{"schemaVersion":2,"manifests":[]}"#, #"{"schemaVersion":3,"manifests":null}"#])
  func onlyAnIndexFileNeedsNoType(text: String) throws {
    #expect(try ManifestList.entries(parsing: Array(text.utf8)) == [])
    #expect(reason { _ = try listedManifests(parsing: Array(text.utf8)) } == "not a list of manifests")
    #expect(reason { _ = try SourceList(parsing: Array(text.utf8)) } == "not a list of manifests")
  }

  @Test(
    arguments: [
      (nil, nil, false), ("vnd.docker.reference.type", nil, true), ("other", nil, false),
      (nil, Platform(os: "unknown", architecture: "unknown"), true),
      (nil, Platform(os: "unknown", architecture: "amd64"), false),
      (nil, Platform(os: "linux", architecture: "unknown"), false),
      ("other", Platform(os: "linux", architecture: "amd64"), false),
      ("vnd.docker.reference.type", Platform(os: "linux", architecture: "amd64"), true),
    ] as [(String?, Platform?, Bool)])
  func attestationsAreNoImages(annotation: String?, platform: Platform?, expected: Bool) throws {
    let annotations = annotation.map { #","annotations":{"\#($0)":"x"}"# } ?? ""
    let entry = Self.entry(digestText("a"), platform, more: annotations)
    #expect(try ManifestList.entries(parsing: Self.list([entry])).map(\.isAttestation) == [expected])
  }

  @Test(arguments: [
    ("", false), (#","annotations":{}"#, false), (zstd, true), (zstd.replacing("true", with: "false"), false),
    (#","annotations":{"a":"true"}"#, false), (#","annotations":{"a":"true","b":"x"}"#, false),
  ])
  func zstdIsAnnotated(more: String, expected: Bool) throws {
    let entry = Self.entry(digestText("a"), nil, more: more)
    #expect(try ManifestList.entries(parsing: Self.list([entry])).map(\.isZstd) == [expected])
    #expect(try ManifestList(parsing: Self.list([entry])).instances.map(\.isZstd) == [expected])
  }

  static let refusals: [(String, String)] = [
    ("", "unexpected end"), ("{}", "not a manifest list"),
    (#"{"mediaType":"\#(MediaType.ociManifest)"}"#, "not a manifest list"),
    (
      #"{"mediaType":"\#(MediaType.ociIndex)","manifests":[{"digest":5}]}"#,
      "json: cannot unmarshal number into Go struct field Descriptor.manifests.digest of type digest.Digest"
    ),
    (
      #"{"mediaType":"\#(MediaType.dockerManifestList)","manifests":[{"platform":{"os":[]}}]}"#,
      "json: cannot unmarshal array into Go struct field Schema2PlatformSpec.manifests.platform.os of type string"
    ),
    (
      #"{"mediaType":"\#(MediaType.ociIndex)","Layers":[],"config":{}}"#,
      #"rejecting ambiguous manifest, unexpected fields []string{"config", "layers"} in supposedly "#
        + "application/vnd.oci.image.index.v1+json"
    ),
  ]

  @Test(arguments: refusals)
  func refusesWhatIsNoList(text: String, words: String) {
    #expect(reason { _ = try ManifestList(parsing: Array(text.utf8)) } == words)
  }

  @Test func garbageIsNoList() throws {
    #expect(isManifestList(Self.list([])))
    #expect(isManifestList(Self.list([], .dockerManifestList)))
    #expect(!isManifestList(ociManifest()))
    for text in ["garbage", "{}", "[]", "null", #"{"schemaVersion":3,"manifests":[{}]}"#] {
      #expect(!isManifestList(Array(text.utf8)))
    }
    #expect(!isManifestList([]))
  }
}
