import Digests
import Foundation
import StoreFixtures
import Testing

@Suite struct GoldenTests {
  /// If one of these digests changes, podman's archives do, too: run `Tests/Support/check-goldens.sh`.
  @Test func theStoresAreTheOnesThatPodmanSaved() throws {
    let folder = try TemporaryDirectory()
    let sample = try SampleStore.build(at: folder.path + "/sample")
    let golden = try GoldenStore.build(at: folder.path + "/golden")
    #expect(identity(of: sample) == "793e70e14dff4c033f8d34c1bbe1c632ebd2e607c4db3ccd9b5299eb4d71f3dc")
    #expect(identity(of: golden) == "73e9b8c142c548ec15eef1cf9bed7bd397edd247c404737edd04aa15dd317ad9")
  }

  /// One digest for all images, their manifests and their names.
  private func identity(of store: StoreBuilder) -> String {
    SHA256.digest(of: store.images.flatMap(\.bytes)).hex
  }

  @Test func theTextFixtureIsTheSample() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../sample-archive.sha256")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text == SampleStore.archives[0].sha256 + "  sample.tar\n")
  }

  @Test func digestsAreWellFormedAndDifferent() {
    let digests = (GoldenStore.archives + SampleStore.archives).map(\.sha256)
    #expect(digests.allSatisfy { Digest(hex: $0) != nil })
    #expect(Set(digests).count == digests.count)
  }
}
