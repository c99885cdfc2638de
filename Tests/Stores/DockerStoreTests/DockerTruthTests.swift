import Diagnostics
import Digests
import ImageModel
import ImageRecord
import ImageSource
import JSON
import POSIX
import StoreFixtures
import Testing

@testable import DockerStore

/// Names, IDs and layers are those that the daemons themselves report.
@Suite struct DockerTruthTests {
  private static let stores: [(OtherStore, String)] = [(.docker20, "fxo"), (.docker28, "fxc")]

  @Test(arguments: stores) func namesFindWhatInspectFinds(store: OtherStore, truth: String) throws {
    let fixture = try DockerFixture(store)
    let lookups = try #require(otherStoreTruth()["lookups"]?.field(truth))
    var count = 0
    for lookup in lookups.elements {
      let name = try #require(lookup["name"]?.string)
      let found = try? fixture.record(name)
      #expect(found.map { "sha256:\($0.id)" } == lookup["image"]?.string, "\(name)")
      count += 1
    }
    #expect(count == 23)
  }

  @Test(arguments: stores) func layersAreReassembled(store: OtherStore, truth: String) throws {
    let fixture = try DockerFixture(store)
    let catalog = try DockerCatalog(fixture.location, listsAll: true)
    let images = try #require(otherStoreTruth()["classic"]?.field(truth))
    var left = Set(images.members.compactMap { $0.key.string })
    for request in catalog.requests(for: nil) {
      let record = try catalog.record(for: request)
      let image = try #require(images.field(record.id))
      left.remove(record.id)
      let names = (image["names"]?.elements.compactMap(\.string) ?? []).filter { !$0.contains("@") }
      #expect(Set(catalog.tags(ofImage: record.id).map(familiar)) == Set(names))
      #expect(catalog.hasName(request))
      let layers = try record.sourceLayers(from: [DockerStore.self])
      let expected = Array(image["layers"]?.elements.map { Array($0.elements) } ?? [])
      #expect(layers.count == expected.count)
      for ((layer, record), fields) in zip(zip(layers, record.layers), expected) {
        #expect(layer.layer.diffID.description == fields[0].string)
        #expect(layer.layer.size.map { Int64($0) } == fields[1].int64)
        let chain = try #require(Digest(hex: record.locator.string("layer")))
        #expect(try fixture.location.text("cache-id", of: chain) == fields[2].string)
        #expect(try tar(of: layer) == (layer.layer.diffID, try #require(layer.layer.size)))
      }
    }
    #expect(left.isEmpty)
  }

  /// Without the host and the folder that Docker adds.
  private func familiar(_ name: String) -> String {
    for prefix in ["docker.io/library/", "docker.io/"] where name.hasPrefix(prefix) {
      return String(name.dropFirst(prefix.count))
    }
    return name
  }

  @Test func theRecordHasManifestConfigAndDigest() throws {
    let fixture = try DockerFixture()
    let record = try fixture.record("acme/app:1")
    #expect(record.name == "docker.io/acme/app:1")
    #expect(record.tags == ["docker.io/acme/app:1"])
    // The manifest that `skopeo copy docker-daemon:` makes.
    #expect(record.manifest.digest.hex.hasPrefix("54f3ca9b"))
    #expect(record.config?.digest.hex == c1)
    #expect(record.storage.kind == "docker")
    let others = Dictionary(
      uniqueKeysWithValues: record.others.map { (String(decoding: $0.key, as: UTF8.self), $0.value) })
    #expect(others["target"]?["digest"]?.string?.hasPrefix("sha256:f6440a12") == true)
    #expect(others["match"]?.string == "name")
    #expect(try fixture.record("acme/app:2").others.allSatisfy { $0.key != Array("target".utf8) })
  }

  @Test func namesAndIDsGiveNames() throws {
    let fixture = try DockerFixture()
    let digest =
      "127.0.0.1:5055/acme/app@sha256:f6440a12804d3edbdd1d216ef22591c3a7c7bc4ef7173e0bb4c5ad9a604b5684"
    #expect(try fixture.record("acme/app").tags == ["docker.io/acme/app:latest"])
    #expect(try fixture.record(digest).name == digest)
    #expect(try fixture.record(digest).tags == [])
    #expect(try fixture.record(c1).name == nil)
    #expect(try fixture.record("1f4d").name == nil)
  }

  @Test func aPlatformLeavesOutOthers() throws {
    let fixture = try DockerFixture()
    let catalog = try DockerCatalog(fixture.location, listsAll: false) { $0.architecture == "arm64" }
    let failure = #expect(throws: Failure.self) { try catalog.record(for: .name("debian")) }
    #expect(failure?.kind == .notFound)
    #expect(failure?.reason.contains("linux/amd64") == true)
    #expect(try catalog.record(for: .name(c2)).id == c2)
  }

  @Test func unknownNamesHaveHints() throws {
    let fixture = try DockerFixture()
    #expect(fixture.failure("debain")?.description == "debain: image not known (did you mean debian:latest?)")
    #expect(fixture.failure("nosuch")?.description == "nosuch: image not known")
    #expect(fixture.failure("Acme/app:1")?.kind == .usage)
    #expect(fixture.failure("")?.kind == .usage)
  }

  @Test func completionsAreNamesAndIDs() throws {
    let fixture = try DockerFixture()
    let catalog = try DockerCatalog(fixture.location, listsAll: false)
    #expect(catalog.completions(of: "deb") == ["debian:latest"])
    #expect(
      catalog.completions(of: "acme") == ["acme/app:1", "acme/app:2", "acme/app:latest", "acme/app:stable"])
    #expect(catalog.completions(of: "1f4") == [String(c1.prefix(12))])
  }
}
