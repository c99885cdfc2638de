import Digests
import ImageModel
import ImageRecord
import JSON
import KnownLayers
import StoreFixtures
import Testing

/// A digest for each text.
func digest(_ text: String) -> Digest { SHA256.digest(of: Array(text.utf8)) }

/// Which layers can be left out: the chain rule.
@Suite struct KnownLayersTests {
  private let layers = ["a", "b", "c", "d"].map(digest)

  private func prefix(_ prepare: (inout KnownLayers) -> Void) -> KnownLayers.Prefix {
    var known = KnownLayers()
    prepare(&known)
    return known.prefix(of: layers)
  }

  @Test func theChainOfTheSpecification() {
    // Source: OCI image-spec v1.1, config.md: ChainID(A|B) = Digest(ChainID(A) + " " + DiffID(B)).
    let chain = chainIDs(of: layers)
    #expect(chain[0] == layers[0])
    #expect(chain[1] == digest("\(layers[0]) \(layers[1])"))
    #expect(chain[2] == digest("\(chain[1]) \(layers[2])"))
    #expect(chainIDs(of: []).isEmpty)
  }

  @Test func aKnownImageGivesThePrefixThatBothHave() {
    #expect(prefix { _ in }.count == 0)
    #expect(prefix { $0.add(layers: [layers[0], layers[1], digest("x")]) } == .init(count: 2, isChain: true))
    #expect(prefix { $0.add(layers: layers) } == .init(count: 4, isChain: true))
    #expect(prefix { $0.add(layers: layers + [digest("x")]) }.count == 4)
  }

  @Test func aLayerUnderAnotherParentIsNotThere() {
    #expect(prefix { $0.add(layers: [digest("x"), layers[0]]) }.count == 0)
    #expect(prefix { $0.add(layers: Array(layers.dropFirst())) }.count == 0)
    // One image has the base, another the layer on top of something else.
    let known = prefix {
      $0.add(layers: [layers[0]])
      $0.add(layers: [digest("x"), layers[1]])
    }
    #expect(known == .init(count: 1, isChain: true))
  }

  @Test func aChainAloneIsEnough() {
    #expect(prefix { $0.add(chain: chainIDs(of: layers)[2]) } == .init(count: 3, isChain: true))
    // A list without order may hold chain IDs, too.
    #expect(prefix { $0.add(digest: chainIDs(of: layers)[2]) } == .init(count: 3, isChain: true))
    #expect(prefix { $0.add(chain: layers[2]) }.count == 0)
  }

  @Test func aListWithoutOrderGivesThePrefixOfWhatItHas() {
    func flat(_ indices: [Int]) -> KnownLayers.Prefix {
      prefix { for index in indices { $0.add(digest: layers[index]) } }
    }
    #expect(flat([0]) == .init(count: 1, isChain: true))
    #expect(flat([1, 0]) == .init(count: 2, isChain: false))
    #expect(flat([0, 1, 3]) == .init(count: 2, isChain: false))
    #expect(flat([1, 2, 3]).count == 0)
    let both = prefix {
      $0.add(layers: [layers[0], layers[1]])
      $0.add(digest: layers[2])
    }
    #expect(both == .init(count: 3, isChain: false))
  }

  @Test func severalListsAreOne() {
    var first = KnownLayers()
    first.add(layers: [layers[0]])
    var second = KnownLayers()
    second.add(layers: [layers[0], layers[1], layers[2]])
    second.add(digest: digest("x"))
    var both = first
    both.add(second)
    #expect(both.prefix(of: layers).count == 3)
    #expect(both.digests == [digest("x")] && both.chains.count == 3)
    #expect(!both.isEmpty && KnownLayers().isEmpty)
  }

  @Test func anImageWithoutLayersNeedsNone() {
    var known = KnownLayers()
    known.add(layers: [])
    #expect(known.prefix(of: []) == .init(count: 0, isChain: true))
  }

  @Test func recordsAreMarked() throws {
    let record = try record(layers: layers)
    var known = KnownLayers()
    known.add(layers: [layers[0], layers[1]])
    let (marked, prefix) = record.leavingOut(known)
    #expect(marked.layers.map(\.isAbsent) == [true, true, false, false])
    #expect(prefix.count == 2)
    // Marks stay.
    #expect(marked.leavingOut(KnownLayers()).record.layers.map(\.isAbsent) == [true, true, false, false])
    #expect(String(decoding: marked.line, as: UTF8.self).contains(#""absent":true"#))
  }
}

/// A record of an image with these layers.
func record(layers: [Digest]) throws -> ImageRecord {
  ImageRecord(
    input: "app", name: nil, tags: [], id: digest("config").hex,
    manifest: Blob(mediaType: .ociManifest, bytes: Array("{}".utf8)),
    config: Blob(mediaType: .ociConfig, bytes: Array("{}".utf8)),
    layers: try layers.map { layer in
      RecordLayer(
        mediaType: .ociLayer, layer: Layer(diffID: layer, size: 1024),
        locator: try RecordObject { json in
          json.key("layer")
          json.string(digest("storage").hex)
        })
    },
    storage: RecordStorage(
      kind: RecordStorage.defaultKind,
      members: try RecordObject { json in
        json.key("root")
        json.string("/nowhere")
        json.key("driver")
        json.string("vfs")
      }))
}
