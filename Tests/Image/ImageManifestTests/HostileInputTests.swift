import Diagnostics
import ImageModel
import Testing

@testable import ImageManifest

/// Nothing that is read may trap, whatever it is, or take more than linear time.
@Suite struct HostileInputTests {
  private static let rich = ociManifest(
    layerJSON(
      ociLayerPrefix + "v1.tar", "a",
      more: #","urls":["u"],"annotations":{"k":"v"},"data":"aGk=","platform":{"os":"linux"}"#))

  private static let fragments: [[UInt8]] = [
    "null", "[]", "{}", "\"", "-1", "1e99", "99999999999999999999", "\\ud800", ",", "\u{0}", "mediaType", "é",
  ].map { Array($0.utf8) }

  /// Damages a text in three places, always the same way for the same seed.
  private func damaged(_ text: [UInt8], seed: UInt64) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(bound, 1)
    }
    var text = text
    for _ in 0..<(1 + random(3)) {
      let start = random(text.count)
      let end = min(text.count, start + random(20))
      text.replaceSubrange(start..<end, with: Self.fragments[random(Self.fragments.count)])
    }
    return text
  }

  @Test func damagedManifestsAreRefusedOrRead() throws {
    let layers = [try layer("a")]
    let docker = dockerManifest(layerJSON(dockerLayerPrefix + "diff.tar.gzip", "a"))
    for seed in 0..<1500 as Range<UInt64> {
      for source in [Self.rich, docker] {
        let bytes = damaged(source, seed: seed)
        do throws(Failure) {
          let manifest = try Manifest(parsing: bytes)
          for family in ManifestFamily.allCases {
            _ = try manifest.converted(to: family, config: smallConfig, layers: layers)
          }
        } catch {
          #expect(error.kind == .badData)
        }
      }
    }
  }

  @Test func damagedConfigsAreRefusedOrRead() throws {
    let source = Array(
      (#"{"created":"2020-01-02T03:04:05.1+02:00","os":"linux","config":{"Env":["a"],"Volumes":{"/v":{}},"#
        + #""Labels":{"a":"b"}},"rootfs":{"type":"layers","diff_ids":["x"]},"history":[{"empty_layer":true}]}"#)
        .utf8)
    for seed in 0..<1500 as Range<UInt64> {
      let config = damaged(source, seed: seed)
      _ = ConfigFacts(config: config)
      do throws(Failure) {
        _ = try Manifest(parsing: dockerManifest(config: config))
          .converted(to: .oci, config: config, layers: [])
      } catch {
        #expect(error.kind == .badData)
      }
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func repetitionCostsLinearTime() throws {
    let labels = (0..<50_000).map { #""l\#($0)":"""# }.joined(separator: ",")
    let again = String(repeating: #","config":{"Labels":{"x":"y"}}"#, count: 50_000)
    let config = Array(#"{"config":{"Labels":{\#(labels)}}\#(again)}"#.utf8)
    let image = try Manifest(parsing: dockerManifest(config: config))
      .converted(to: .oci, config: config, layers: [])
    #expect(text(image.config.bytes).contains(#""x":"y""#))
    let many = Array(repeating: layerJSON(ociLayerPrefix + "v1.tar", "b"), count: 20_000)
    let manifest = Array(text(ociManifest()).replacing("[]", with: "[\(many.joined(separator: ","))]").utf8)
    let layers = Array(repeating: try layer("a"), count: 20_000)
    let large = try Manifest(parsing: manifest).converted(to: .docker, config: smallConfig, layers: layers)
    #expect(large.changes.contains(.layers))
  }
}
