import ContainersStorage
import Diagnostics
import Digests
import Foundation
import ImageFormats
import ImageManifest
import ImageRecord
import Outputs
import POSIX
import Saving
import StoreFixtures
import Testing

/// Images whose layers are stored differently from one tree with tar-split.
@Suite struct StoreLayoutTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  private static let name = "localhost/layout:1"

  private func layer(_ number: Int) -> LayerTar {
    var tar = TarBuilder()
    tar.directory("d/")
    tar.file("d/file\(number)", deterministicBytes(1000 * number, seed: UInt64(number)))
    return tar.finish()
  }

  private func store(of layers: [LayerTar]) throws -> StoreBuilder {
    var store = try StoreBuilder(root: folder.at("store"))
    try store.addImage(Self.name, layers: layers)
    try store.write()
    return store
  }

  private func archive(of store: StoreBuilder) throws -> [UInt8] {
    try SavingTests.archive(resolve([Self.name], in: store.location), in: folder)
  }

  private func id(_ index: Int, in store: StoreBuilder) throws -> String {
    String(try #require(store.layers[index]["id"]).dropFirst().dropLast())
  }

  /// The failure of a save that leaves no file.
  private func failure(of store: StoreBuilder) throws -> Failure? {
    let failure = #expect(throws: Failure.self) { try archive(of: store) }
    #expect(folder.entries() == ["store"])
    return failure
  }

  @Test func composefsMakesNoDifference() throws {
    let layers = [layer(1), layer(2)]
    let store = try store(of: layers)
    let wanted = try archive(of: store)
    for (index, tar) in layers.enumerated() { try store.makeComposefs(layer: id(index, in: store), of: tar) }
    #expect(try archive(of: store) == wanted)
  }

  @Test func anAdditionalLayerStoreMakesNoDifference() throws {
    let store = try store(of: [layer(1), layer(2)])
    let wanted = try archive(of: store)
    for (index, tar) in [layer(1), layer(2)].enumerated() {
      let id = try id(index, in: store)
      try folder.remove("store/overlay-layers/\(id).tar-split.gz")
      try folder.remove("store/overlay/\(id)/diff")
      try folder.symlink("store/overlay/\(id)/diff", to: folder.at("store/further/\(id)/diff"))
      try folder.write(index == 0 ? tar.bytes : gzipped(tar.bytes), to: "store/further/\(id)/blob")
    }
    #expect(try archive(of: store) == wanted)
    try folder.write(layer(3).bytes, to: "store/further/\(try id(0, in: store))/blob")
    #expect(try failure(of: store)?.kind == .badData)
  }

  @Test func anUnknownSizeMakesNoDifference() throws {
    var store = try store(of: [layer(1), layer(2)])
    let wanted = try archive(of: store)
    for index in 0...1 {
      let digest = try #require(store.layers[index]["diff-digest"])
      store.layers[index].merge([
        "diff-digest": nil, "diff-size": "-1", "toc-digest": digest,
        "flags": #"{"expected-layer-diffid":\#(digest)}"#,
      ])
    }
    try store.write()
    #expect(try archive(of: store) == wanted)
  }

  /// The store keeps the contents of a sparse file, but not the map of its holes.
  @Test func sparseFilesAreBlamed() throws {
    var tar = TarBuilder()
    var member = TarMember("d/sparse", .file(deterministicBytes(3000, seed: 1)))
    member.paxRecords = [PAXRecord("GNU.sparse.major", Array("1".utf8))]
    tar.add(member)
    var store = try store(of: [tar.finish()])
    let wanted = quoted("sha256:" + String(repeating: "1", count: 64))
    let config = makeConfig(
      layers: [tar.finish()],
      changes: ["rootfs": #"{"type":"layers","diff_ids":[\#(wanted)]}"#])
    let manifest = makeManifest(config: config, layers: [tar.finish()], format: .oci)
    store.images = []
    try store.addImage(
      config: config, manifest: manifest, names: [Self.name], topLayer: id(0, in: store))
    store.layers[0]["diff-digest"] = wanted
    try store.write()
    let failure = try failure(of: store)
    #expect(failure?.kind == .badData)
    let reason =
      "layer \(try id(0, in: store).prefix(12)): contains PAX sparse files; the store does not keep their original bytes"
    #expect(
      failure?.reason.hasPrefix(reason + " (digest mismatch: expected sha256:1111") == true, "\(failure as Any)"
    )
  }

  /// Loaders of a docker-archive match its layers with the config; the other formats have manifests.
  @Test(arguments: [
    (nil, 1, false), ("null", 1, false), (#""layers""#, 1, false), ("{}", 1, false),
    (#"{"type":"layers","diff_ids":null}"#, 1, false), (#"{"type":"layers","diff_ids":"x"}"#, 1, false),
    (nil, 0, false), ("null", 0, false), ("[]", 0, false), (#"{"type":"layers","diff_ids":{}}"#, 0, false),
    (#"{"type":"layers","diff_ids":null}"#, 0, true), (#"{"type":"layers"}"#, 0, true),
    (#"{"type":"layers","diff_ids":[]}"#, 0, true),
  ])
  func aDockerArchiveNeedsTheLayersInTheConfig(rootfs: String?, count: Int, isRight: Bool) throws {
    var store = try StoreBuilder(root: folder.at("store"))
    let layers = Array([layer(1)].prefix(count))
    let top = try store.addLayers(layers)
    let config = makeConfig(layers: layers, changes: ["rootfs": rootfs])
    let manifest = makeManifest(config: config, layers: layers, format: .docker)
    try store.addImage(config: config, manifest: manifest, names: [Self.name], topLayer: top)
    try store.write()
    let records = try resolve([Self.name], in: store.location)
    let wanted = Failure(
      .badData, Self.name, "config without rootfs.diff_ids, which every reader of a docker-archive needs")
    for format in PlanMatrixTests.formats where format.family == .docker {
      let selection = try SaveSelection(records, format: format)
      let target = OutputTarget(path: Path(folder.at("target")))
      let job = SaveJob(format: format, target: target, providers: [ContainersStore.self])
      if isRight || format.name != "docker-archive" {
        #expect(try job.prepare(selection).plan().refusals == [])
        _ = try job.prepare(selection).run()
        try folder.remove("target")
      } else {
        #expect(throws: wanted) { try job.prepare(selection).plan() }
        #expect(throws: wanted) { try job.prepare(selection).run() }
      }
      #expect(folder.entries() == ["store"])
    }
  }

  @Test func aRemovedLayerIsWorthAnotherTry() throws {
    var store = try store(of: [layer(1), layer(2)])
    let records = try resolve([Self.name], in: store.location)
    try folder.remove("store/overlay-layers/\(try id(1, in: store)).tar-split.gz")
    store.layers.removeLast()
    try store.write()
    let failure = #expect(throws: Failure.self) { try SavingTests.archive(records, in: folder) }
    #expect(failure?.kind == .tryAgain)
    #expect(failure?.description.hasSuffix("image was changed or removed while it was being read") == true)
    #expect(folder.entries() == ["store"])
  }

  /// Not for root, which may read everything.
  @Test(.enabled(if: !Privileges.readsEveryFile), .timeLimit(.minutes(5)))
  func whatMayNotBeReadIsFoundBeforeTheTargetIsOpened() throws {
    let store = try store(of: [layer(1), layer(2)])
    let records = try resolve([Self.name], in: store.location)
    #expect(chmod(store.contentPath(ofLayer: try id(1, in: store)) + "/d/file2", 0) == 0)
    #expect(mkfifo(folder.at("target"), 0o600) == 0)
    // The FIFO has no reader: opening it for writing would block forever.
    let selection = try SaveSelection(records, format: DockerArchive())
    let failure = #expect(throws: Failure.self) {
      try dockerArchive(at: folder.at("target")).prepare(selection).run()
    }
    #expect(failure?.kind == .noPermission)
    #expect(failure?.subject == Self.name)
    #expect(failure?.reason.contains("podman unshare") == true)
    try folder.remove("target")
  }
}
