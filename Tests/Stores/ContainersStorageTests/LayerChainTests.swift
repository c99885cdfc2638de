import Diagnostics
import Digests
import ImageModel
import StoreFixtures
import Testing

@testable import ContainersStorage

/// The chain from an image's top layer to its base.
@Suite struct LayerChainTests {
  let folder: TemporaryDirectory
  let store: StoreBuilder

  init() throws {
    folder = try TemporaryDirectory()
    store = try SampleStore.build(at: folder.path)
  }

  /// The chain of the sample image after changes of layer records.
  private func chain(
    to top: String? = nil, _ change: (inout StoreBuilder) throws -> Void = { _ in }
  ) throws -> [(id: StorageID, layer: Layer)] {
    var store = store
    try change(&store)
    try store.write()
    let table = try LayerTable(of: StoreSnapshot(of: store.location))
    return try table.chain(to: try top ?? "\(store.layerID(2))")
  }

  private func expectFailure(
    _ reason: String, layer: Int, _ change: (inout StoreBuilder) throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let failure = #expect(throws: Failure.self, sourceLocation: sourceLocation) { try chain(change) }
    #expect(failure?.kind == .badData, sourceLocation: sourceLocation)
    #expect(
      failure?.description.hasSuffix("layer \(try store.layerID(layer).short): \(reason)") == true,
      "\(failure?.description ?? "")", sourceLocation: sourceLocation)
  }

  @Test func theBaseComesFirst() throws {
    let layers = try chain()
    #expect(layers.map(\.id) == (try (0..<3).map { try store.layerID($0) }))
    #expect(layers.map { quoted($0.layer.diffID.description) } == store.layers.compactMap { $0["diff-digest"] })
    #expect(
      layers.compactMap { $0.layer.size.map { String($0) } } == store.layers.compactMap { $0["diff-size"] })
    #expect(try chain(to: "\(store.layerID(1))").count == 2)
  }

  @Test(.timeLimit(.minutes(5)), arguments: [0, 1, 2])
  func aCycleIsFound(target: Int) throws {
    let parent = quoted("\(try store.layerID(target))")
    try expectFailure("parent chain is a cycle", layer: target) { $0.layers[0]["parent"] = parent }
  }

  @Test(arguments: [
    "", "../../etc", "sha256:x", String(repeating: "0", count: 64), String(repeating: "A", count: 64),
  ])
  func anUnknownLayerIsNamed(name: String) throws {
    let top = #expect(throws: Failure.self) { try chain(to: name) }
    #expect(top == Failure(.badData, "layer \(name)", "layer not known"))
    if !name.isEmpty {
      let parent = #expect(throws: Failure.self) { try chain { $0.layers[0]["parent"] = quoted(name) } }
      #expect(parent == Failure(.badData, "layer \(name)", "layer not known"))
    }
  }

  @Test func anIncompleteLayerIsRefused() throws {
    try expectFailure("incomplete: its creation or removal was interrupted", layer: 1) {
      $0.layers[1]["flags"] = #"{"incomplete":true}"#
    }
    #expect(try chain { $0.layers[1]["flags"] = #"{"incomplete":false,"other":"x"}"# }.count == 3)
  }

  @Test(arguments: ["sha256:../..", "sha256:", "sha512:00", "x", "sha256:" + String(repeating: "G", count: 64)])
  func anInvalidDigestIsRefused(digest: String) throws {
    try expectFailure("invalid diff-digest \"\(digest)\"", layer: 1) {
      $0.layers[1]["diff-digest"] = quoted(digest)
    }
  }

  @Test(arguments: [nil, "null", "\"\"", "7"])
  func aMissingDigestIsNamed(digest: String?) throws {
    try expectFailure(
      "no digest of the archive or of its table of contents", layer: 0
    ) { $0.layers[0]["diff-digest"] = digest }
  }

  @Test func aLayerKnownByItsTableOfContentsHasTheExpectedDigest() throws {
    let toc = quoted("sha256:" + String(repeating: "1", count: 64))
    let expected = store.layers[1]["diff-digest"] ?? ""
    let layers = try chain {
      $0.layers[1].merge([
        "diff-digest": nil, "toc-digest": toc, "flags": "{\"n\":1,\"expected-layer-diffid\":\(expected)}",
      ])
    }
    #expect(quoted(layers[1].layer.diffID.description) == expected)
    for flags in [nil, "{}", #"{"expected-layer-diffid":true}"#, #"{"expected-layer-diffid":"sha256:x"}"#] {
      try expectFailure("digest of the archive is unknown (no expected-layer-diffid)", layer: 1) {
        $0.layers[1].merge(["diff-digest": nil, "toc-digest": toc, "flags": flags])
      }
    }
    try expectFailure("invalid toc-digest \"x\"", layer: 1) {
      $0.layers[1].merge(["diff-digest": nil, "toc-digest": "\"x\""])
    }
  }

  @Test func anUnknownSizeIsMeasured() throws {
    let sizes = store.layers.compactMap { $0["diff-size"] }
    let layers = try chain { store in
      for index in store.layers.indices { store.layers[index]["diff-size"] = "-1" }
    }
    #expect(layers.compactMap { $0.layer.size.map { String($0) } } == sizes)
  }

  @Test func anAbsentSizeIsZero() throws {
    #expect(try chain { $0.layers[2]["diff-size"] = nil }.last?.layer.size == 0)
    #expect(try chain { $0.layers[2]["diff-size"] = "null" }.last?.layer.size == 0)
    #expect(try chain { $0.layers[2]["diff-size"] = "0" }.last?.layer.size == 0, "recorded, so not measured")
  }

  @Test(arguments: ["-2", "1.5", "\"7\"", "9223372036854775808", "{}"])
  func anInvalidSizeIsRefused(size: String) throws {
    try expectFailure("invalid diff-size", layer: 1) { $0.layers[1]["diff-size"] = size }
  }

  @Test func aDamagedRecordHarmsOnlyImagesThatUseIt() throws {
    let twice = store.layers[2].text.replacing("\"diff-size\":", with: "\"Diff-Size\":1,\"diff-size\":")
    let records = store.layers[..<2].map(\.text) + ["null", "{}", twice]
    try folder.write("[" + records.joined(separator: ",") + "]", to: "overlay-layers/layers.json")
    let table = try LayerTable(of: StoreSnapshot(of: store.location))
    #expect(try table.chain(to: "\(store.layerID(1))").count == 2)
    #expect(throws: Failure.self) { try table.chain(to: "\(store.layerID(2))") }
  }
}
