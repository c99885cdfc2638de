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

  @Test(arguments: ["", "x", "[]", "{}", #"{"created":1,"os":{},"config":{"Labels":[1]}}"#, #"{"config":7}"#])
  func toleratesEverything(config: String) {
    let facts = ConfigFacts(config: Array(config.utf8))
    #expect(facts.created == nil)
    #expect(facts.platform == nil)
    #expect(facts.labels.isEmpty)
  }
}
