import Diagnostics
import Digests
import ImageModel
import ImageRecord
import ImageSource
import JSON
import POSIX
import StoreFixtures
import Testing

@testable import ContainerdStore

/// Names, IDs and digests are those that ctr, CRI and Docker report.
@Suite struct ContainerdTruthTests {
  @Test(arguments: ["default", "k8s.io"]) func namesAreThoseOfCtr(namespace: String) throws {
    let fixture = try ContainerdFixture(namespace: namespace)
    let images = try ContainerdImages(in: fixture.location)
    let all = try images.all()
    let truth = try #require(otherStoreTruth()["containerd"]?.field(namespace))
    var count = 0
    for (name, fields) in truth.members {
      let name = try #require(name.string)
      let fields = Array(fields.elements)
      let target = try #require(all.first { $0.name == name }?.target, "\(name)")
      #expect(target.digest.description == fields[0].string)
      #expect(target.mediaType.description == fields[1].string)
      #expect(Int64(target.size) == fields[2].int64)
      #expect(try images.image(named: name)?.target == target)
      count += 1
    }
    #expect(count == all.count { !$0.name.hasPrefix("docker.io/many/") })
    if namespace == "default" { #expect(all.count == 212) }
    #expect(try images.namespaces() == ["default", "k8s.io"])
    #expect(all.map(\.name) == all.map(\.name).sorted())
  }

  @Test func namesFindWhatDockerInspectFinds() throws {
    let fixture = try ContainerdFixture(.docker28WithContainerd, namespace: "moby")
    let lookups = try #require(otherStoreTruth()["lookups"]?.field("fxs"))
    var count = 0
    for lookup in lookups.elements {
      count += 1
      let name = try #require(lookup["name"]?.string)
      let found = try? fixture.record(name)
      // Docker does not find the digest of a config; CRI does.
      if name.hasPrefix("2efb") || name.hasPrefix("sha256:2efb") {
        #expect(found?.id == c2)
      } else {
        #expect(found?.target == lookup["image"]?.string, "\(name)")
      }
    }
    #expect(count == 23)
    let names = try #require(otherStoreTruth()["moby"])
    for (name, digest) in names.members {
      #expect(try fixture.record(try #require(name.string)).target == digest.string)
    }
  }

  @Test func keysOfCRIAreIDs() throws {
    let fixture = try ContainerdFixture(namespace: "k8s.io")
    let byName = try fixture.record("127.0.0.1:5055/acme/app:multi")
    #expect(byName.tags == ["127.0.0.1:5055/acme/app:multi"])
    for name in ["sha256:" + c1, c1, "1f4d", "sha256:1f4dda", index, "f6440"] {
      let record = try fixture.record(name)
      #expect(record.id == c1)
      #expect(record.target == index)
      #expect(record.name == nil && record.tags == [], "\(name)")
    }
    let digested = try fixture.record("127.0.0.1:5055/acme/app@" + index)
    #expect(digested.name == "127.0.0.1:5055/acme/app@" + index)
    #expect(digested.tags == [])
    let catalog = try fixture.catalog(listsAll: true)
    let requests = catalog.requests(for: nil)
    #expect(requests.count == 2)
    #expect(requests.allSatisfy(catalog.hasName))
    let record = try catalog.record(for: requests[0])
    #expect(catalog.tags(ofImage: record.id) == ["127.0.0.1:5055/acme/app:multi"])
  }

  @Test func namesAreCompleted() throws {
    let fixture = try ContainerdFixture()
    #expect(try fixture.record("acme/app").name == "docker.io/acme/app:latest")
    #expect(try fixture.record("docker.io/acme/app:1").target == (try fixture.record("acme/app:1")).target)
    #expect(fixture.failure("acme/ap:1")?.kind == .notFound)
    #expect(fixture.failure("acme/ap:1")?.reason.hasPrefix("image not known (did you mean acme/app:1") == true)
    #expect(fixture.failure("1f4")?.kind == .notFound)
    #expect(fixture.failure("")?.kind == .usage)
    #expect(fixture.failure("Acme/app:1")?.kind == .usage)
  }

  @Test func blobsKeepTheDigestsOfTheRegistry() throws {
    for (store, namespace) in [(OtherStore.containerd, "default"), (.docker28WithContainerd, "moby")] {
      let fixture = try ContainerdFixture(store, namespace: namespace)
      let catalog = try fixture.catalog(listsAll: true)
      for request in catalog.requests(for: nil) {
        let record = try catalog.record(for: request)
        for (layer, source) in zip(record.layers, try record.sourceLayers(from: [ContainerdStore.self])) {
          let blob = try #require(layer.layer.blob)
          #expect(try digest(of: source.content) == blob.digest)
        }
      }
    }
    let record = try ContainerdFixture().record("acme/app:multi")
    #expect(record.manifest.digest.hex.hasPrefix("0093d9a6"))
    #expect(record.layers.map { $0.layer.blob?.digest.hex.prefix(8) } == ["8b88418f", "aaec313f"])
    #expect(record.layers[0].layer.diffID.hex.hasPrefix("26b901e0"))
    #expect(record.layers[0].layer.size == nil)
    #expect(record.storage.kind == "containerd")
  }

  @Test func thePlatformIsChosen() throws {
    let fixture = try ContainerdFixture()
    let arm = try fixture.catalog("arm64", variant: "v8").record(for: .name("acme/app:multi"))
    #expect(arm.id.hasPrefix("ad371f51"))
    // The attestation beside the image is none.
    #expect(try fixture.record("acme/app:att").id == c1)
    // Pulled for one platform: the manifests of others are not there.
    let manifest = try fixture.catalog("arm64", variant: "v8").record(for: .name("acme/app:multi")).manifest
    try fixture.folder.remove(fixture.blob(manifest.digest))
    let other = try fixture.catalog("arm64", variant: "v8")
    let failure = #expect(throws: Failure.self) {
      try other.record(for: .name("acme/app:multi"))
    }
    #expect(failure?.kind == .notFound)
    #expect(failure?.reason.contains("is listed, but not there; there is linux/amd64") == true)
  }

  @Test func danglingImagesHaveNoName() throws {
    let fixture = try ContainerdFixture(.docker28WithContainerd, namespace: "moby")
    let catalog = try fixture.catalog(listsAll: true)
    let texts = catalog.requests(for: nil).map { catalog.text(of: $0) }
    #expect(Set(texts).count == texts.count)
    #expect(texts.contains("docker.io/acme/app:1"))
    #expect(!texts.contains { $0.hasPrefix("moby-dangling") })
  }

  @Test func completionsAreNamesAndIDs() throws {
    let fixture = try ContainerdFixture()
    let catalog = try fixture.catalog()
    #expect(catalog.completions(of: "deb") == ["debian:latest"])
    #expect(catalog.completions(of: "docker.io/acme/app:m") == ["docker.io/acme/app:multi"])
    #expect(catalog.completions(of: "f644") == [String(index.dropFirst(7).prefix(12))])
  }
}
