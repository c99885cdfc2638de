import Diagnostics
import GoJSON
import ImageModel
import Testing

@testable import ImageManifest

/// No input may trap or take more than linear time.
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

  /// How many damaged texts were accepted and refused.
  private struct Count {
    var refused = 0
    var taken = 0

    /// Calls a function that may refuse a text, but only as bad data.
    mutating func note<Value>(_ body: () throws(Failure) -> Value) -> Value? {
      do throws(Failure) {
        let value = try body()
        taken += 1
        return value
      } catch {
        #expect(error.kind == .badData)
        refused += 1
        return nil
      }
    }
  }

  @Test func damagedManifestsAreRefusedOrRead() throws {
    let layers = [try layer("a")]
    let docker = dockerManifest(layerJSON(dockerLayerPrefix + "diff.tar.gzip", "a"))
    for source in [Self.rich, docker] {
      var read = Count()
      var converted = Count()
      for seed in 0..<1500 as Range<UInt64> {
        let bytes = damaged(source, seed: seed)
        guard let manifest = read.note({ () throws(Failure) in try Manifest(parsing: bytes) }) else { continue }
        #expect(manifest.blob.bytes == bytes)
        for family in ManifestFamily.allCases {
          let image = converted.note { () throws(Failure) in
            try manifest.converted(to: family, config: smallConfig, layers: layers)
          }
          guard let image else { continue }
          #expect(image.manifest.mediaType == family.manifestType)
          #expect(try Manifest(parsing: image.manifest.bytes).config?.digest == image.config.digest)
        }
      }
      // Damage in annotations, URLs and unknown names changes nothing.
      #expect(read.taken > 50 && read.refused > 1000)
      #expect(converted.taken > 100 && converted.refused > 10)
    }
  }

  @Test func damagedConfigsAreRefusedOrRead() throws {
    let source = Array(
      (#"{"created":"2020-01-02T03:04:05.1+02:00","os":"linux","config":{"Env":["a"],"Volumes":{"/v":{}},"#
        + #""Labels":{"a":"b"}},"rootfs":{"type":"layers","diff_ids":["x"]},"history":[{"empty_layer":true}]}"#)
        .utf8)
    var count = Count()
    var platforms = 0
    for seed in 0..<1500 as Range<UInt64> {
      let config = damaged(source, seed: seed)
      if ConfigFacts(config: config).platform != nil { platforms += 1 }
      let image = count.note { () throws(Failure) in
        try Manifest(parsing: dockerManifest(config: config)).converted(to: .oci, config: config, layers: [])
      }
      // A config that was encoded again does not change any more.
      if let image { #expect(try OCISpec.Image(parsing: image.config.bytes).encoded == image.config.bytes) }
    }
    #expect(count.taken > 50 && count.refused > 1000)
    #expect(platforms > 100)
  }

  @Test(.timeLimit(.minutes(5)))
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
