import Digests
import ImageModel
import Testing

@testable import ImageManifest

@Suite struct ConfigConversionTests {
  private func converted(_ config: [UInt8]) throws -> String {
    let image = try Manifest(parsing: dockerManifest(config: config))
      .converted(to: .oci, config: config, layers: [])
    #expect(image.config.mediaType == .ociConfig)
    return text(image.config.bytes)
  }

  private func converted(_ config: String) throws -> String { try converted(Array(config.utf8)) }

  /// Input and output of skopeo 1.9.3, except newer behaviour: `variant` after `os.features`, `\b` and `\f`.
  @Test func matchesThePeer() throws {
    let config =
      Array(
        (#"{"architecture":"amd64","variant":"v8","os":"linux","os.version":"9","os.features":["q"],"#
          + #""created":"2020-01-02T03:04:05.120000000+02:00","author":"me\u2028\b\f"#).utf8)
      + [0x7F] + Array(#"\t"#.utf8) + [0xFF]
      + Array(
        (#"","docker_version":"1","config":{"user":"lower","Entrypoint":null,"Env":[],"Labels":{},"#
          + #""ArgsEscaped":true,"WorkingDir":"/w","Cmd":["/x"],"Healthcheck":{}},"rootfs":{"type":"layers","#
          + #""diff_ids":["sha256:x"]},"history":[{"created":"2020-01-02T03:04:05.000Z","created_by":"x","#
          + #""author":"a","comment":"c"},{"created":"0001-01-01T00:00:00Z","empty_layer":true},"#
          + #"{"comment":"nocreated"}],"Config":{"StopSignal":"9","WorkingDir":null}}"#).utf8)
    #expect(
      try converted(config) == #"{"created":"2020-01-02T03:04:05.12+02:00","author":"me\u2028\b\f"# + "\u{7F}"
        + #"\t"# + "\u{FFFD}"
        + #"","architecture":"amd64","os":"linux","os.version":"9","os.features":["q"],"variant":"v8","#
        + #""config":{"User":"lower","Cmd":["/x"],"WorkingDir":"/w","StopSignal":"9","ArgsEscaped":true},"#
        + #""rootfs":{"type":"layers","diff_ids":["sha256:x"]},"history":[{"created":"2020-01-02T03:04:05Z","#
        + #""created_by":"x","author":"a","comment":"c"},{"created":"0001-01-01T00:00:00Z","empty_layer":true},"#
        + #"{"comment":"nocreated"}]}"#)
  }

  static let empty =
    #"{"architecture":"","os":"","config":{},"rootfs":{"type":"","diff_ids":null}}"#
  static let small: [(String, String)] = [
    ("{}", empty), ("null", empty),
    (#"{"id":"x","Size":1,"history":[],"created":null,"config":null}"#, empty),
    (#"{"rootfs":{"diff_ids":[]}}"#, empty.replacing("null", with: "[]")),
    (
      #"{"config":{"Env":[null,"a\/b"]}}"#,
      empty.replacing(#""config":{}"#, with: #""config":{"Env":["","a/b"]}"#)
    ),
    (
      #"{"config":{"Volumes":{"/b":{},"/a":null,"\u00e9":{"x":1}},"Labels":{"z":"<","y":null}}}"#,
      empty.replacing(
        #""config":{}"#,
        with: #""config":{"Volumes":{"/a":{},"/b":{},"é":{}},"Labels":{"y":"","z":"\u003c"}}"#)
    ),
    (#"{"os":"a","OS":"b","os":"c","Os":null}"#, empty.replacing(#""os":"""#, with: #""os":"c""#)),
    (#"{"o\u017f":"long s"}"#, empty.replacing(#""os":"""#, with: #""os":"long s""#)),
    (#"{"os":"\ud800"}"#, empty.replacing(#""os":"""#, with: "\"os\":\"\u{FFFD}\"")),
  ]

  @Test(arguments: small)
  func readsAsGoDoes(config: String, result: String) throws {
    #expect(try converted(config) == result)
  }

  static let refusals: [(String, String)] = [
    (
      #"{"config":{"Cmd":"x"}}"#,
      "json: cannot unmarshal string into Go struct field ImageConfig.config.Cmd of type []string"
    ),
    (#"{"os":1}"#, "json: cannot unmarshal number into Go struct field Image.os of type string"),
    (
      #"{"config":{"Volumes":{"/a":true}}}"#,
      "json: cannot unmarshal bool into Go struct field ImageConfig.config.Volumes of type struct {}"
    ),
    ("[]", "json: cannot unmarshal array into Go value of type v1.Image"),
    (#"{"created":1}"#, "Time.UnmarshalJSON: input is not a JSON string"),
    (#"{"created":"x"}"#, #"parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse"#),
    ("{} x", "malformed config: data after the value at byte 3"),
    ("", "malformed config: unexpected end at byte 0"),
  ]

  @Test(arguments: refusals)
  func refuses(config: String, words: String) {
    #expect(reason { _ = try converted(config) } == "creating an updated image manifest: " + words)
  }

  @Test func dockerKeepsEveryByteOfTheConfig() throws {
    let config = Array(#"{"os":"\ud800 "#.utf8) + [0xFF, 0x22, 0x20, 0x7D, 0x0A]
    let image = try Manifest(parsing: ociManifest(config: config))
      .converted(to: .docker, config: config, layers: [])
    #expect(image.config.bytes == config)
    #expect(image.changes == .format)
  }
}
