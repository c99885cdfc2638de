import Digests
import ImageModel
import Testing

@testable import ImageManifest

/// The expected texts are those of skopeo 1.9.3 for the same manifests.
@Suite struct Schema1Tests {
  private static let ids = (1...4).map { String(repeating: "0", count: 63) + String($0) }

  private static func base(_ id: String = ids[0], parent: String? = nil) -> String {
    let parent = parent.map { #","parent":"\#($0)""# } ?? ""
    return #"{"id":"\#(id)"\#(parent),"container_config":{"Cmd":null},"comment":"base"}"#
  }

  private static let middle =
    #"{"id":"\#(ids[1])","parent":"\#(ids[0])","created":"2015-01-02T03:04:05Z","#
    + #""container_config":{"Cmd":["run","x"]}}"#

  private static func top(docker version: String) -> String {
    #"{"id": "\#(ids[2])", "parent": "\#(ids[1])", "created": "2015-01-02T03:04:05.1200Z", "#
      + #""docker_version": "\#(version)", "config": {"Cmd": ["/bin/sh"], "Labels": {"b": "1", "a": "<x>"}, "#
      + #""StopTimeout": 0, "Healthcheck": {"Test": ["CMD"], "Interval": 5, "Retries": 2}}, "#
      + #""container_config": {"Cmd": ["/bin/sh", "-c", "\#u{23}(nop) CMD"], "Entrypoint": "single"}, "#
      + #""throwaway": true, "architecture": "amd64", "os": "linux", "author": "me", "comment": "c & d", "#
      + #""Size": 17, "zzz": 1.5, "Aaa": null}"#
  }

  /// A manifest of entries given newest first.
  private static func manifest(_ entries: String...) -> [UInt8] {
    let layers = entries.map { _ in #"{"blobSum":"\#(digestText("e"))"}"# }
    let history = entries.map { entry in
      let escaped = entry.replacing(#"\"#, with: #"\\"#).replacing(#"""#, with: #"\""#)
      return #"{"v1Compatibility":"\#(escaped)"}"#
    }
    return Array(
      (#"{"schemaVersion":1,"name":"n","tag":"t","architecture":"amd64","fsLayers":[\#(layers.joined(separator: ","))],"#
        + #""history":[\#(history.joined(separator: ","))],"signatures":[{}]}"#).utf8)
  }

  private static let history =
    #""history":[{"created":"0001-01-01T00:00:00Z","comment":"base"},{"created":"2015-01-02T03:04:05Z","#
    + #""created_by":"run x"},{"created":"2015-01-02T03:04:05.12Z","author":"me","#
    + #""created_by":"/bin/sh -c #(nop) CMD","comment":"c \u0026 d","empty_layer":true}],"os":"linux","#
    + #""rootfs":{"type":"layers","diff_ids":["\#(digestText("a"))","\#(digestText("b"))"]}"#

  private static let configs: [(String, String)] = [
    (
      "1.10.0",
      #"{"Aaa":null,"architecture":"amd64","author":"me","comment":"c \u0026 d","config":{"Cmd":["/bin/sh"],"#
        + #""Labels":{"b":"1","a":"\u003cx\u003e"},"StopTimeout":0,"Healthcheck":{"Test":["CMD"],"Interval":5,"#
        + #""Retries":2}},"container_config":{"Cmd":["/bin/sh","-c","\#u{23}(nop) CMD"],"Entrypoint":"single"},"#
        + #""created":"2015-01-02T03:04:05.1200Z","docker_version":"1.10.0",\#(history),"zzz":1.5}"#
    ),
    (
      "1.7.0",
      #"{"architecture":"amd64","author":"me","comment":"c \u0026 d","config":{"Hostname":"","Domainname":"","#
        + #""User":"","AttachStdin":false,"AttachStdout":false,"AttachStderr":false,"Tty":false,"#
        + #""OpenStdin":false,"StdinOnce":false,"Env":null,"Cmd":["/bin/sh"],"Healthcheck":{"Test":["CMD"],"#
        + #""Interval":5,"Retries":2},"Image":"","Volumes":null,"WorkingDir":"","Entrypoint":null,"#
        + #""OnBuild":null,"Labels":{"a":"\u003cx\u003e","b":"1"},"StopTimeout":0},"container_config":{"#
        + #""Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":false,"#
        + #""AttachStderr":false,"Tty":false,"OpenStdin":false,"StdinOnce":false,"Env":null,"#
        + ##""Cmd":["/bin/sh","-c","#(nop) CMD"],"Image":"","Volumes":null,"WorkingDir":"","##
        + #""Entrypoint":["single"],"OnBuild":null,"Labels":null},"created":"2015-01-02T03:04:05.12Z","#
        + #""docker_version":"1.7.0",\#(history)}"#
    ),
  ]

  @Test func makesTheConfigOfThePeer() throws {
    for (version, config) in Self.configs {
      let manifest = try Manifest(parsing: Self.manifest(Self.top(docker: version), Self.middle, Self.base()))
      #expect(manifest.layerCount == 2)
      #expect(manifest.config == nil)
      #expect(manifest.blob.mediaType == .dockerSchema1Signed)
      let image = try manifest.converted(to: .docker, config: nil, layers: [layer("a"), layer("b", size: 1)])
      #expect(text(image.config.bytes) == config)
      #expect(image.changes == [.format, .config])
      #expect(
        text(image.manifest.bytes) == #"{"schemaVersion":2,"mediaType":"\#(dockerManifestType)","#
          + #""config":{\#(configMembers(dockerConfigType, image.config.bytes))},"layers":["#
          + layerJSON(dockerLayerPrefix + "diff.tar", "a", size: 10240) + ","
          + layerJSON(dockerLayerPrefix + "diff.tar", "b", size: 1) + "]}")
    }
  }

  /// Unknown members are lost where the config is written anew, as for the versions that lacked some.
  @Test(arguments: [("", true), ("1.8.2", false), ("1.8.3", true), ("1.8.4", true)])
  func onlyConfigsOfOldVersionsAreWrittenAnew(version: String, keepsAll: Bool) throws {
    let manifest = try Manifest(parsing: Self.manifest(Self.top(docker: version), Self.middle, Self.base()))
    let image = try manifest.converted(to: .docker, config: nil, layers: [layer("a"), layer("b")])
    #expect(text(image.config.bytes).contains(#""zzz":1.5"#) == keepsAll)
  }

  @Test func reachesOCIByWayOfSchema2() throws {
    let manifest = try Manifest(
      parsing: Self.manifest(Self.top(docker: "1.10.0"), Self.middle, Self.base()))
    let image = try manifest.converted(to: .oci, config: nil, layers: [layer("a"), layer("b")])
    #expect(image.manifest.mediaType == .ociManifest)
    #expect(
      text(image.config.bytes).hasPrefix(
        #"{"created":"2015-01-02T03:04:05.12Z","author":"me","architecture":"amd64","os":"linux","#
          + #""config":{"Cmd":["/bin/sh"],"Labels":{"a":"\u003cx\u003e","b":"1"}},"rootfs":{"#))
    #expect(ConfigFacts(config: manifest.embeddedConfig ?? []).labels.map(\.key) == ["a", "b"])
    #expect(
      reason { _ = try manifest.converted(to: .oci, config: nil, layers: [layer("a")]) }
        == "expected more than 1 physical layers to exist")
    #expect(
      reason { _ = try manifest.replacingLayers([]) }?.contains("Unsupported conversion type") == true)
  }

  @Test func repeatedEntriesCountOnce() throws {
    let manifest = try Manifest(parsing: Self.manifest(Self.middle, Self.middle, Self.base(), Self.base()))
    #expect(manifest.layerCount == 2)
  }

  @Test func refusesBrokenChains() {
    let (middle, base) = (Self.middle, Self.base())
    let cases: [([UInt8], String)] = [
      (Self.manifest(), "no FSLayers in manifest"),
      (Self.manifest(Self.base("x")), #"image ID "x" is invalid"#),
      (Self.manifest(Self.base(Self.ids[0] + "0")), #"image ID "\#(Self.ids[0])0" is invalid"#),
      (
        Self.manifest(Self.base(String(repeating: "A", count: 64))),
        #"image ID "\#(String(repeating: "A", count: 64))" is invalid"#
      ),
      (Self.manifest(Self.base(parent: Self.ids[1])), "Invalid parent ID in the base layer of the image"),
      (
        Self.manifest(middle, Self.base(Self.ids[3])),
        #"Invalid parent ID. Expected \#(Self.ids[3]), got "\#(Self.ids[0])""#
      ),
      (Self.manifest(middle, base, middle, base), "ID \(Self.ids[1]) appears multiple times in manifest"),
      (Self.manifest("{"), "parsing v2s1 history entry 0: unexpected end at byte 1"),
      (
        Self.manifest(middle, #"{"id":1}"#),
        "parsing v2s1 history entry 1: json: cannot unmarshal number into Go struct field "
          + "Schema1V1Compatibility.id of type string"
      ),
      (
        Array(text(Self.manifest(base)).replacing(digestText("e"), with: "x").utf8),
        #"invalid digest "x" in fsLayers"#
      ),
      (
        Array(text(Self.manifest(base)).replacing(#"{"blobSum":"\#(digestText("e"))"}"#, with: "").utf8),
        "length of history not equal to number of layers"
      ),
      (
        Array((text(Self.manifest(base)).dropLast() + #","layers":[]}"#).utf8),
        #"rejecting ambiguous manifest, unexpected fields []string{"layers"} in supposedly "#
          + "application/vnd.docker.distribution.manifest.v1+prettyjws"
      ),
    ]
    for (manifest, words) in cases {
      #expect(reason { _ = try Manifest(parsing: manifest) } == words)
    }
  }

  static let versions: [(String, String, Bool)] = [
    ("1.8.2", "1.8.3", true), ("1.8.3", "1.8.3", false), ("1.10", "1.8.3", false), ("1.8", "1.8.3", true),
    ("17.03.0-ce", "1.8.3", false), ("x", "1.8.3", true), ("x.9", "1.8.3", true), ("1..9", "1.8.3", true),
    ("1.8.4", "1.8.3", false), ("1.8.3.0", "1.8.3", false), ("1.8.2.9", "1.8.3", true), ("2", "1.8.3", false),
    ("", "1.8.3", true), ("1.9.0", "1.8.3", false), ("0.9.9", "1.8.3", true),
  ]

  @Test(arguments: versions)
  func comparesVersions(one: String, other: String, isBefore: Bool) {
    #expect(isVersion(one, before: other) == isBefore)
  }
}
