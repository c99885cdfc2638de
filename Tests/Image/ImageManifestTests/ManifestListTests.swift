import ImageManifest
import ImageModel
import Testing

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
    #expect(list.instance(for: [Self.arm]) == nil)
    #expect(list.instances[0].platform == Platform(os: "", architecture: ""))
    #expect(list.name == "manifest list")
    #expect(try ManifestList(parsing: Self.list([])).name == "image index")
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
    #expect(!isManifestList(Array("garbage".utf8)))
    #expect(!isManifestList([]))
  }
}
