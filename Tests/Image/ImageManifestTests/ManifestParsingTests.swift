import Digests
import ImageModel
import JSON
import Testing

@testable import ImageManifest

@Suite struct ManifestParsingTests {
  static let kinds: [(String, MediaType)] = [
    (#"{"mediaType":"\#(ociManifestType)"}"#, .ociManifest),
    (#"{"MEDIATYPE":"\#(ociManifestType)"}"#, .ociManifest),
    (#"{"mediaType":"\#(dockerManifestType)","schemaVersion":1}"#, .dockerManifest),
    (#"{"mediaType":"application/vnd.oci.image.index.v1+json"}"#, .ociIndex),
    (#"{"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json"}"#, .dockerManifestList),
    (#"{"schemaVersion":1}"#, .dockerSchema1),
    (#"{"schemaVersion":1,"signatures":null}"#, .dockerSchema1),
    (#"{"schemaVersion":1,"signatures":[]}"#, .dockerSchema1Signed),
    (#"{"schemaVersion":2,"config":{"mediaType":"\#(ociConfigType)"}}"#, .ociManifest),
    (#"{"schemaVersion":2,"config":{"mediaType":"\#(dockerConfigType)"}}"#, .dockerManifest),
    (#"{"schemaVersion":2,"manifests":[{}]}"#, .ociIndex),
    (#"{"schemaVersion":2,"manifests":[]}"#, .ociManifest),
    (#"{"schemaVersion":2,"manifests":[{}],"config":{"mediaType":"x"}}"#, .dockerSchema1Signed),
    (#"{"schemaVersion":2,"config":{"mediaType":"x/y"}}"#, .ociManifest),
    (#"{"schemaVersion":2}"#, .ociManifest),
    (#"{"schemaVersion":3}"#, .dockerSchema1Signed),
    (#"{"mediaType":"application/json"}"#, .dockerSchema1Signed),
    (#"{"mediaType":7,"schemaVersion":2}"#, .dockerSchema1Signed),
    ("[]", .dockerSchema1Signed),
  ]

  @Test(arguments: kinds)
  func findsTheKind(manifest: String, type: MediaType) throws {
    #expect(MediaType.normalized(guessedMediaType(of: try JSONValue(parsing: Array(manifest.utf8)))) == type)
  }

  static let refusals: [(String, String)] = [
    ("", "malformed manifest: unexpected end at byte 0"),
    (text(ociManifest()) + "x", "malformed manifest: data after the value at byte \(ociManifest().count)"),
    ("{}", "unsupported schema version 0"),
    (#"{"schemaVersion":3}"#, "unsupported schema version 3"),
    ("[]", "json: cannot unmarshal array into Go value of type manifest.Schema1"),
    (
      #"{"schemaVersion":"2"}"#,
      "json: cannot unmarshal string into Go struct field Schema1.schemaVersion of type int"
    ),
    (
      #"{"mediaType":"application/vnd.oci.image.index.v1+json"}"#,
      "Unexpectedly received a manifest list instead of a manifest for a single image"
    ),
    (#"{"schemaVersion":2}"#, #"invalid digest "" of config"#),
    (
      text(ociManifest(layerJSON("t", "a").replacing("sha256", with: "sha512"))),
      #"invalid digest "sha512:\#(String(repeating: "a", count: 64))" of layer 1"#
    ),
    (
      text(ociManifest(layerJSON("t", "1"), layerJSON("t", "a").replacing("aaaaaaaa", with: "../../..//"))),
      #"invalid digest "sha256:\#(String(repeating: "../../..//", count: 8))" of layer 2"#
    ),
    (text(ociManifest(layerJSON("t", "A"))), #"invalid digest "\#(digestText("A"))" of layer 1"#),
    (text(ociManifest(layerJSON("t", "a", size: -1))), "invalid size -1 of layer 1"),
    (
      text(ociManifest(layerJSON("t", "a").replacing("102", with: "9223372036854775808"))),
      "json: cannot unmarshal number 9223372036854775808 into Go struct field Descriptor.layers.size of type int64"
    ),
    (
      text(ociManifest(layerJSON("t", "a").replacing("102", with: "1e2"))),
      "json: cannot unmarshal number 1e2 into Go struct field Descriptor.layers.size of type int64"
    ),
    (
      text(dockerManifest(layerJSON(dockerLayerPrefix + "diff.tar", "1"), layerJSON("t", "A"))),
      #"invalid digest "\#(digestText("A"))" of layer 2"#
    ),
    (
      String(text(ociManifest()).dropLast()) + #","subject":{"mediaType":"t","digest":"x","size":1}}"#,
      #"invalid digest "x" of subject"#
    ),
    (
      text(dockerManifest(layerJSON("t", "a"))), #"unsupported docker v2s2 media type: "t""#
    ),
    (
      #"{"schemaVersion":2,"config":{\#(configMembers(dockerConfigType))},"layers":[]}"#,
      #"unsupported docker v2s2 media type: """#
    ),
    (
      text(ociManifest(layerJSON("t", "a", more: #","data":"%""#))), "illegal base64 data"
    ),
  ]

  @Test(arguments: refusals)
  func refuses(manifest: String, words: String) {
    #expect(reason { _ = try Manifest(parsing: Array(manifest.utf8)) } == words)
  }

  @Test(arguments: ["mediaType", "MediaType", #"\u006dediaType"#])
  func refusesRepeatedMembers(name: String) {
    let manifest = text(ociManifest()).dropLast() + #","\#(name)":""}"#
    #expect(
      reason { _ = try Manifest(parsing: Array(manifest.utf8)) }?.contains("duplicate member name") == true)
  }

  /// Go's decoder reads both names into one field of a struct, at any level.
  @Test(arguments: [
    layerJSON("t", "a", more: #","Digest":"\#(digestText("b"))""#), layerJSON("t", "a", more: #","SIZE":0"#),
    layerJSON("t", "a", more: #","platform":{"os":"linux","OS":"windows"}"#),
  ])
  func refusesMembersInSeveralCases(layer: String) {
    let words = reason { _ = try Manifest(parsing: ociManifest(layer)) }
    #expect(words?.hasPrefix("malformed manifest: duplicate member name at byte ") == true)
  }

  /// Annotations are a map: their names are data, and case matters.
  @Test func annotationsMayDifferInCase() throws {
    let annotations = #","annotations":{"Note":"1","note":"2"}"#
    let layer = layerJSON("t", "a", more: annotations)
    let bytes = Array((text(ociManifest(layer)).dropLast() + annotations + "}").utf8)
    let manifest = try Manifest(parsing: bytes)
    #expect(manifest.layers.first?.annotations.map(\.key) == ["Note", "note"])
    #expect(manifest.blob.bytes == bytes)
  }

  static let ambiguities: [(String, String)] = [
    (#","manifests":[]"#, #""manifests""#), (#","FSLayers":[]"#, #""fsLayers""#),
    (#","manifests":{},"history":0"#, #""history", "manifests""#),
  ]

  @Test(arguments: ambiguities)
  func refusesAmbiguity(members: String, named: String) {
    for (manifest, type) in [(ociManifest(), ociManifestType), (dockerManifest(), dockerManifestType)] {
      let words = "rejecting ambiguous manifest, unexpected fields []string{\(named)} in supposedly \(type)"
      #expect(
        reason { _ = try Manifest(parsing: Array((text(manifest).dropLast() + members + "}").utf8)) } == words)
    }
  }

  private static let sum = digestText("e")
  private static let lists = [MediaType.ociIndex, .dockerManifestList].map { type in
    (type, [EssentialMember.manifests], #"{"mediaType":"\#(type)""#)
  }
  private static let images: [(MediaType, [EssentialMember], String)] = [
    (.ociManifest, [.config, .layers], String(text(ociManifest()).dropLast())),
    (.dockerManifest, [.config, .layers], String(text(dockerManifest()).dropLast())),
    (
      .dockerSchema1Signed, [.fsLayers, .history],
      #"{"schemaVersion":1,"fsLayers":[{"blobSum":"\#(sum)"}],"history":[{"v1Compatibility":"{\"id\":\"\#(sum.suffix(64))\"}"}]"#
    ),
  ]

  /// Each document with each member of the others, which may be null only.
  @Test(arguments: images + lists)
  func membersOfOtherDocumentsAreAmbiguous(type: MediaType, own: [EssentialMember], start: String) throws {
    func read(_ text: String) -> Set<String?> {
      if own == [.config, .layers] || own == [.fsLayers, .history] {
        return [reason { _ = try Manifest(parsing: Array(text.utf8)) }]
      }
      return [
        reason { _ = try ManifestList(parsing: Array(text.utf8)) },
        reason { _ = try SourceList(parsing: Array(text.utf8)) },
      ]
    }
    #expect(read(start + "}") == [nil])
    for member in EssentialMember.allCases where !own.contains(member) {
      #expect(read(start + #","\#(member.rawValue)":null}"#) == [nil])
      for value in ["[]", "{}", "0", "false", #""""#] {
        #expect(
          read(start + #","\#(member.rawValue)":\#(value)}"#)
            == [
              #"rejecting ambiguous manifest, unexpected fields []string{"\#(member.rawValue)"} in supposedly \#(type)"#
            ])
      }
    }
  }

  @Test func boundsTheSize() throws {
    let longest = ociManifest() + Array(repeating: 0x20, count: 4 << 20 - ociManifest().count)
    #expect(try Manifest(parsing: longest).blob.bytes.count == 4 << 20)
    let manifest = longest + [0x20]
    #expect(
      reason { _ = try Manifest(parsing: manifest) }
        == "manifest of \(manifest.count) bytes exceeds the maximum of 4194304")
  }

  @Test func readsEveryFieldOfADescriptor() throws {
    let more =
      #","urls":["u"],"annotations":{"b":"2","a":"1"},"data":"aGk=","artifactType":"art","#
      + #""platform":{"os":"linux","architecture":"arm","variant":"v7","os.version":"1","os.features":["f"]}"#
    let manifest = try Manifest(parsing: ociManifest(layerJSON("t", "a", more: more)))
    let layer = try #require(manifest.layers.first)
    #expect(layer.mediaType == MediaType("t"))
    #expect(layer.digest.description == digestText("a"))
    #expect(layer.size == 102)
    #expect(layer.urls == ["u"])
    #expect(layer.annotations.map(\.key) == ["a", "b"])
    #expect(layer.data == "aGk=")
    #expect(layer.artifactType == "art")
    #expect(layer.platform?.platform == Platform(os: "linux", architecture: "arm", variant: "v7"))
    #expect(layer.platform?.osVersion == "1")
    #expect(layer.platform?.osFeatures == ["f"])
    #expect(manifest.layerCount == 1)
    #expect(manifest.config?.size == UInt64(smallConfig.count))
    #expect(manifest.embeddedConfig == nil)
  }
}
