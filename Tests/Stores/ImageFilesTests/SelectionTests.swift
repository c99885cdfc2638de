import Diagnostics
import ImageModel
import ImageRecord
import ImageSource
import Testing

@testable import ImageFiles

/// Names choose images as containers/image does, and by complete names.
@Suite(.timeLimit(.minutes(10))) struct SelectionTests {
  @Test(arguments: [
    ("docker-archive:saved/s20.tar:acme/app:1", "c1", "docker.io/acme/app:1"),
    ("docker-archive:saved/s20.tar:acme/app", "c2", "docker.io/acme/app:latest"),
    ("docker-archive:saved/s20.tar:index.docker.io/acme/app:stable", "c1", "docker.io/acme/app:stable"),
    ("docker-archive:saved/s20.tar:registry.example:5000/team/app:2", "c2", "registry.example:5000/team/app:2"),
    ("docker-archive:saved/s20.tar:dup:1", "cd", "docker.io/library/dup:1"),
    ("docker-archive:saved/in/da.tar:tool:1", "c1", "localhost/tool:1"),
    ("oci-archive:saved/in/oci-multi.tar:zstd", "c2", "docker.io/acme/app:zstd"),
    ("oci-archive:saved/in/oci-multi.tar:docker.io/acme/app:plain", "c3", "docker.io/acme/app:plain"),
    ("oci-archive:saved/in/oci-multi.tar:acme/app:plain", "c3", "docker.io/acme/app:plain"),
    ("oci-archive:saved/s28c.tar:stable", "c1", "docker.io/acme/app:stable"),
    ("oci:q-plain:quay.io/acme/p:1", "c1", "quay.io/acme/p:1"),
  ])
  func byName(reference: String, config: String, name: String) throws {
    let record = try Archives.record(Archives.text(reference))
    #expect(record.id == Archives.digests[config])
    #expect(record.tags == [name] && record.name == name)
    #expect(record.input == (try Archives.text(reference)))
  }

  @Test(arguments: [
    ("oci:o-multi:v1", "c1"), ("oci:o-multi:v2", "c3"), ("oci:o-multi:@1", "c3"), ("oci:o-same:v2", "c1"),
    ("oci:o-same:@1", "c1"), ("oci:o-same", "c1"), ("docker-archive:saved/in/da.tar:@2", "c3"),
  ])
  func withoutAName(reference: String, config: String) throws {
    let record = try Archives.record(Archives.text(reference))
    #expect(record.id == Archives.digests[config])
    #expect(record.tags == [] && record.name == nil)
  }

  @Test func positionsKeepTheNames() throws {
    let record = try Archives.record(Archives.text("docker-archive:saved/s20.tar:@0"))
    #expect(record.tags == ["docker.io/acme/app:1", "docker.io/acme/app:stable"])
  }

  @Test func tagsAreThoseOfTheImage() throws {
    let text = try Archives.text("docker-archive:saved/s20.tar:acme/app:stable")
    let catalog = try Archives.catalog(text)
    let record = try catalog.record(for: .name(text))
    #expect(record.tags == ["docker.io/acme/app:stable"])
    #expect(catalog.tags(ofImage: record.id) == ["docker.io/acme/app:1", "docker.io/acme/app:stable"])
  }

  @Test func platformsOfAnIndex() throws {
    let arm = Platform(os: "linux", architecture: "arm64", variant: "v8")
    let choice = PlatformChoice(PlatformRequest(wanted: { [arm] }, accepts: { $0 == arm }))
    #expect(try Archives.record(Archives.text("oci:o-nested"), choice).id == Archives.digests["ca"])
    let failure = #expect(throws: Failure.self) { try Archives.record(Archives.text("oci:o-one"), choice) }
    #expect(failure?.kind == .notFound && failure?.reason == "the image is for linux/amd64")
    let none = PlatformChoice(PlatformRequest(wanted: { [Platform(os: "plan9", architecture: "386")] }))
    let missing = #expect(throws: Failure.self) { try Archives.record(Archives.text("oci:o-nested"), none) }
    #expect(missing?.kind == .notFound)
    #expect(missing?.reason == "no image for plan9/386; there is linux/amd64, linux/arm64/v8")
  }

  @Test func completions() throws {
    let text = try Archives.text("docker-archive:saved/s20.tar")
    let catalog = try Archives.catalog(text)
    #expect(catalog.completions(of: text + ":acme/app:s") == [text + ":acme/app:stable"])
    #expect(catalog.completions(of: text + ":docker.io/l") == [text + ":docker.io/library/dup:1"])
    #expect(catalog.completions(of: text + ":").count == 11)
    let layout = try Archives.text("oci:o-multi")
    #expect(try Archives.catalog(layout).completions(of: layout + ":") == [layout + ":v1", layout + ":v2"])
  }
}
