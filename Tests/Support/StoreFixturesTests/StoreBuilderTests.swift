import Digests
import Foundation
import JSON
import StoreFixtures
import Testing

@Suite struct StoreBuilderTests {
  static let stores: [(StoreBuilder.Driver, Bool)] = [
    (.overlay, false), (.overlay, true), (.vfs, false), (.vfs, true),
  ]

  private func build(_ driver: StoreBuilder.Driver, golden: Bool, in folder: TemporaryDirectory) throws {
    if golden {
      try GoldenStore.build(at: folder.path, driver: driver)
    } else {
      try SampleStore.build(at: folder.path, driver: driver)
    }
  }

  @Test(arguments: stores)
  func everyLayerReassemblesToItsDigest(driver: StoreBuilder.Driver, golden: Bool) throws {
    let folder = try TemporaryDirectory()
    try build(driver, golden: golden, in: folder)
    let store = BuiltStore(root: folder.path, driver: driver)
    let layers = try store.records("layers")
    #expect(layers.count >= 3)
    for layer in layers {
      let id = try #require(layer["id"]?.string)
      let tar = try store.reassembled(id)
      let digest = SHA256.digest(of: tar)
      #expect(layer["diff-digest"]?.string == digest.description)
      #expect(layer["diff-size"]?.int64 ?? 0 == tar.count)
      let parent = layer["parent"]?.string
      let expected = parent.map { SHA256.digest(of: Array("\($0)+\(digest.hex)".utf8)).hex } ?? digest.hex
      #expect(id == expected)
    }
  }

  @Test(arguments: stores)
  func everyDigestOfAnImageIsRight(driver: StoreBuilder.Driver, golden: Bool) throws {
    let folder = try TemporaryDirectory()
    try build(driver, golden: golden, in: folder)
    let store = BuiltStore(root: folder.path, driver: driver)
    for image in try store.records("images") {
      let id = try #require(image["id"]?.string)
      let names = try #require(image["big-data-names"]).elements.compactMap(\.string)
      #expect(names.count == 3)
      for (key, digest) in try #require(image["big-data-digests"]).members {
        let bytes = try store.item(try #require(key.string), of: id)
        #expect(digest.string == SHA256.digest(of: bytes).description)
        #expect(image["digest"]?.string == digest.string || key.string == "sha256:" + id)
      }
      for (key, size) in try #require(image["big-data-sizes"]).members {
        #expect(try store.item(try #require(key.string), of: id).count == Int(size.int64 ?? -1))
      }
      let manifest = try JSONValue(parsing: try store.item("manifest", of: id))
      #expect(manifest["config"]?["digest"]?.string == "sha256:" + id)
      let config = try JSONValue(parsing: try store.item("sha256:" + id, of: id), rules: .lenient)
      let diffIDs = config["rootfs"]?["diff_ids"]?.elements.compactMap(\.string)
      #expect(diffIDs == (try chain(from: image["layer"]?.string, in: store)))
    }
  }

  /// The digests of an image's layers, base first.
  private func chain(from top: String?, in store: BuiltStore) throws -> [String] {
    let layers = try store.records("layers")
    var digests: [String] = []
    var next = top
    while let id = next {
      let layer = try #require(layers.first { $0["id"]?.string == id })
      digests.insert(try #require(layer["diff-digest"]?.string), at: 0)
      next = layer["parent"]?.string
    }
    return digests
  }

  @Test func overlayLayersKnowTheirParents() throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path)
    let ids = store.layers.compactMap { $0["id"]?.dropFirst().dropLast() }.map(String.init)
    func text(_ path: String) throws -> String {
      try String(contentsOfFile: folder.path + "/overlay/" + path, encoding: .utf8)
    }
    let links = try ids.map { try text("\($0)/link") }
    #expect(links.allSatisfy { $0.count == 26 })
    #expect(try text("\(ids[1])/lower") == "l/\(links[0])")
    #expect(try text("\(ids[2])/lower") == "l/\(links[1]):l/\(links[0])")
    for (id, link) in zip(ids, links) {
      let target = try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder.path)/overlay/l/\(link)")
      #expect(target == "../\(id)/diff")
    }
  }

  @Test func vfsAppliesWhiteouts() throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path, driver: .vfs)
    let trees = store.layers.compactMap { $0["id"]?.dropFirst().dropLast() }
      .map { store.contentPath(ofLayer: String($0)) }
    func exists(_ path: String, in tree: Int) -> Bool {
      FileManager.default.fileExists(atPath: "\(trees[tree])/\(path)")
    }
    #expect(exists("etc/motd", in: 0) && exists("var/cache/index", in: 0))
    #expect(!exists("etc/motd", in: 1) && !exists("var/cache/index", in: 1))
    #expect(exists("var/cache", in: 1) && !exists("etc/.wh.motd", in: 1))
    #expect(exists("srv/hello.conf", in: 2) && exists("etc/os-release", in: 2))
  }

  @Test func recordsCanBeDamaged() throws {
    let folder = try TemporaryDirectory()
    var store = try SampleStore.build(at: folder.path)
    store.layers[0]["diff-size"] = "-1"
    store.layers[1]["parent"] = nil
    store.layers[2]["flags"] = #"{"incomplete":true}"#
    try store.write()
    let layers = try BuiltStore(root: folder.path, driver: .overlay).records("layers")
    #expect(layers[0]["diff-size"]?.int64 == -1)
    #expect(layers[1]["parent"] == nil)
    #expect(layers[2]["flags"]?["incomplete"]?.bool == true)
  }

  @Test func temporaryDirectoriesGoAway() throws {
    var folder: TemporaryDirectory? = try TemporaryDirectory()
    let path = try #require(folder?.path)
    try GoldenStore.build(at: path + "/store")
    #expect(FileManager.default.fileExists(atPath: path))
    folder = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
