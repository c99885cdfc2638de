import ImageManifest
import ImageModel
import ImageRecord
import StoreFixtures
import Testing

/// Labels and annotations are maps: names that differ only in case are distinct; podman saves such images.
@Suite struct NameCaseTests {
  @Test func labelsAndAnnotationsMayDifferInCase() throws {
    let folder = try TemporaryDirectory()
    var store = try StoreBuilder(root: folder.at("store"))
    let config = makeConfig(layers: [], changes: ["config": #"{"Labels":{"alpha":"1","Alpha":"2"}}"#])
    let manifest = makeManifest(
      config: config, layers: [], format: .oci, changes: ["annotations": #"{"note":"1","Note":"2"}"#])
    try store.addImage(config: config, manifest: manifest, names: ["localhost/cases:1"], topLayer: nil)
    try store.write()
    let records = try resolve(["localhost/cases:1"], in: store.location)
    #expect(records.map { $0.config?.bytes } == [config])
    let members = try tarMembers(of: archive(records, in: folder))
    #expect(members.map(\.content).contains(config))
    let oci = try records[0].converted(to: .oci)
    let text = String(decoding: try #require(oci.config).bytes, as: UTF8.self)
    #expect(text.contains(#""Labels":{"Alpha":"2","alpha":"1"}"#))
  }
}
