import ImageModel
import Testing

@testable import ImageManifest

@Suite struct ConfigFactsTests {
  @Test func readsWhatIsThere() {
    let facts = ConfigFacts(
      config: Array(
        (#"{"created":"2020-01-02T03:04:05.10Z","os":"linux","architecture":"arm","variant":"v7","#
          + #""config":{"labels":{"b":"2","a":"1","n":3}}}"#).utf8))
    #expect(facts.created == "2020-01-02T03:04:05.1Z")
    #expect(facts.platform == Platform(os: "linux", architecture: "arm", variant: "v7"))
    #expect(facts.labels == [Annotation(key: "a", value: "1"), Annotation(key: "b", value: "2")])
  }

  @Test(
    arguments: [
      (#"{"os":"linux"}"#, Platform(os: "linux", architecture: "")),
      (#"{"architecture":"arm"}"#, Platform(os: "", architecture: "arm")), (#"{"variant":"v7"}"#, nil),
      (#"{"os":"","architecture":""}"#, nil), (#"{"os":"a","OS":"b"}"#, Platform(os: "b", architecture: "")),
    ] as [(String, Platform?)])
  func aPlatformHasASystemOrAnArchitecture(config: String, platform: Platform?) {
    #expect(ConfigFacts(config: Array(config.utf8)).platform == platform)
  }

  @Test func aConfigAboveTheLimitHasNoFacts() {
    func platform(_ size: Int) -> Platform? {
      let text = Array(#"{"os":"linux"}"#.utf8)
      return ConfigFacts(config: text + [UInt8](repeating: 0x20, count: size - text.count)).platform
    }
    #expect(platform(4 << 20)?.os == "linux")
    #expect(platform(4 << 20 + 1) == nil)
  }

  @Test(arguments: ["", "x", "[]", "{}", #"{"created":1,"os":{},"config":{"Labels":[1]}}"#, #"{"config":7}"#])
  func toleratesEverything(config: String) {
    let facts = ConfigFacts(config: Array(config.utf8))
    #expect(facts.created == nil)
    #expect(facts.platform == nil)
    #expect(facts.labels.isEmpty)
  }
}
