import Diagnostics
import Digests
import ImageModel
import ImageSource
import LayerPipeline
import Outputs
import Testing

@testable import ImageFormats

/// The directories of the format's first version, named by digests of their contents.
@Suite struct LegacyLayerTests {
  private func layers(_ diffIDs: [String]) throws -> [SourceLayer] {
    try diffIDs.map { text in
      let digest = try #require(Digest(hex: text))
      return SourceLayer(Layer(diffID: digest, size: 0), .assembled(MemoryLayer(bytes: [], fault: nil)))
    }
  }

  private static let base = "5adf200161f3a991c643e3c913bed1189b8c3d297f194a01d914ba1ddd2e0b65"
  private static let program = "1bc232ccd9db07acca6fd62230592c1a90155a2a6d4d1e863d50cde07139e72a"
  private static let settings = "91134926ecb97d48b7be7818354e5406195aec1d61780834ff1364e2e6c0a1ea"

  /// The names and descriptions of the sample image, as podman 4.3.1 saves them.
  @Test func theSampleHasPodmansDirectories() throws {
    let config = """
      {"created":"2024-02-29T12:34:56Z","architecture":"amd64","os":"linux",\
      "config":{"Env":["PATH=/usr/bin:/bin"],"Cmd":["/usr/bin/hello"],"WorkingDir":"/srv",\
      "Labels":{"org.opencontainers.image.title":"sample"}},"author":"img"}
      """
    let image = makeImage(try layers([Self.base, Self.program, Self.settings]), config: config)
    let chain = try LegacyLayer.chain(of: image)
    let ids = [
      "f917e875f051b6ccff5eacfe77bbf430430cac2100a89d47ce26da08b883059e",
      "60d0513b5bcac9efca0323076776d5101bed488ee496c95d637cb0e7e02d964b",
      "c76a8796c4ba215be8f1843f9e56da6c9e1fdb7419e9228c423127f75549581e",
    ]
    #expect(chain.map(\.id) == ids)
    let descriptions = [
      #"{"id":"\#(ids[0])"}"#, #"{"id":"\#(ids[1])","parent":"\#(ids[0])"}"#,
      #"{"architecture":"amd64","config":{"Env":["PATH=/usr/bin:/bin"],"Cmd":["/usr/bin/hello"],"#
        + #""WorkingDir":"/srv","Labels":{"org.opencontainers.image.title":"sample"}},"container":null,"#
        + #""container_config":null,"created":"2024-02-29T12:34:56Z","docker_version":null,"id":"\#(ids[2])","#
        + #""os":"linux","parent":"\#(ids[1])"}"#,
    ]
    #expect(try chain.map { try description($0) } == descriptions)
  }

  /// The member `json` of a directory.
  private func description(_ layer: LegacyLayer) throws -> String {
    let entry = try #require(layer.entries.last)
    guard case .file(_, let bytes) = entry else { return "no bytes" }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The top layer's name depends on the config; the lower ones are the same in every image.
  @Test func onlyTheTopDependsOnTheConfig() throws {
    let below = try LegacyLayer.chain(of: makeImage(try layers([Self.base, Self.program])))
    let above = try LegacyLayer.chain(of: makeImage(try layers([Self.base, Self.program, Self.settings])))
    let other = try LegacyLayer.chain(
      of: makeImage(try layers([Self.base, Self.program]), config: #"{"os":"x"}"#))
    #expect(below[0].id == above[0].id && below[0].id == other[0].id)
    #expect(Set([below[1].id, above[1].id, other[1].id]).count == 3)
  }

  @Test func aRepeatedLayerHasADirectoryForEachPlace() throws {
    let chain = try LegacyLayer.chain(of: makeImage(try layers([Self.base, Self.base, Self.base])))
    #expect(Set(chain.map(\.id)).count == 3)
    #expect(try LegacyLayer.chain(of: makeImage([])).isEmpty)
  }

  @Test(
    arguments: [
      (#"{"config": { "b" : 1.50 , "a":[ ] } }"#, #""config":{"b":1.50,"a":[]},"#),
      (#"{"config":null}"#, #""config":null,"#), ("{}", #""config":null,"#),
      (#"{"config":false}"#, #""config":false,"#),
      (#"{"config":"<&>\u003c\/"}"#, #""config":"\u003c\u0026\u003e\u003c\/","#),
    ])
  func valuesAreCompactedAndEscapedAsGoDoes(config: String, member: String) throws {
    let chain = try LegacyLayer.chain(of: makeImage(try layers([Self.base]), config: config))
    #expect(try description(chain[0]).contains(member))
  }

  @Test(arguments: ["", "[]", "null", "{", "{}x", "\"\""])
  func aConfigMustBeAnObject(config: String) throws {
    let image = makeImage(try layers([Self.base]), config: config)
    let failure = #expect(throws: Failure.self) { try LegacyLayer.chain(of: image) }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == "config")
  }
}
