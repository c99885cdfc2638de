import Diagnostics
import Digests
import ImageModel
import ImageRecord
import KnownLayers
import POSIX
import StoreFixtures
import Testing

/// Lists of layers as programs print them.
@Suite struct LayerListTests {
  private let layers = ListFixture.layers
  private var chains: Set<Digest> { Set(chainIDs(of: layers)) }

  @Test(arguments: [
    "podman-image-inspect.debian12", "podman-image-inspect.newest", "docker-image-inspect.debian12",
    "docker-image-inspect.newest", "buildah-inspect.debian12", "buildah-inspect.newest",
    "skopeo-inspect.debian12", "skopeo-inspect.newest", "skopeo-inspect-config", "ctr-snapshots",
    "docker-layers-go", "docker-layers-json", "sparse-base-docker.tar.gz", "sparse-base-hybrid.tar.gz",
  ])
  func aListWithOrderGivesChains(name: String) throws {
    let list = try ListFixture.list(name)
    #expect(list.known.chains == chains)
    #expect(list.known.digests.isEmpty)
    #expect(list.notes.isEmpty)
    #expect(list.mayBeCompressed == name.hasPrefix("skopeo-inspect."))
  }

  @Test func contentOfContainerdGivesDigests() throws {
    let known = try ListFixture.list("ctr-content").known
    #expect(known.chains.isEmpty)
    #expect(known.prefix(of: layers) == .init(count: 2, isChain: false))
    // Labels name blobs that may have been removed.
    #expect(known.digests.count == 5)
    let label = "containerd.io/gc.ref.content.l.0=\(layers[0]),containerd.io/uncompressed=\(layers[1])"
    let others = try ListFixture.list(
      text: "DIGEST\tSIZE\tAGE\tLABELS\n\(digest("gzip"))\t1B\t1 day\t\(label)\n")
    #expect(others.known.digests == [digest("gzip"), layers[1]])
  }

  @Test func anUnfinishedSnapshotIsNotThere() throws {
    let rows = [
      "KEY PARENT KIND", "\(layers[0])  Committed", "\(digest("x")) \(layers[0]) Active",
      "extract-123-abc \(layers[0]) Active", "\(digest("cut")) \(layers[0])",
    ]
    #expect(try ListFixture.list(text: rows.joined(separator: "\n")).known.chains == [layers[0]])
  }

  @Test(arguments: [
    ("docker-images", "docker image inspect $(docker images -q)"),
    ("docker-images-json.debian12", "docker image inspect $(docker images -q)"),
    ("docker-images-json.newest", "docker image inspect $(docker images -q)"),
    ("podman-images", "podman image inspect $(podman images -q)"),
    ("podman-images-json.debian12", "podman image inspect $(podman images -q)"),
    ("podman-images-json.newest", "podman image inspect $(podman images -q)"),
    ("podman-images-q", "podman image inspect $(podman images -q)"),
    ("buildah-images-json", "podman image inspect $(podman images -q)"), ("ctr-images", "ctr snapshots ls"),
  ])
  func aListOfImagesWithoutLayersNamesTheCommandThatHelps(name: String, command: String) throws {
    let failure = try #require(try ListFixture.failure(ListFixture.bytes(name)))
    #expect(failure.kind == .badData)
    #expect(failure.reason.contains(command))
  }

  @Test func otherListsOfImages() throws {
    let crictl = #"{"images":[{"id":"sha256:1","repoTags":["a:1"],"size":"1"}]}"#
    for text in [crictl, "IMAGE   TAG   IMAGE ID   SIZE\na   1   fd45878f6ec62   1kB\n"] {
      #expect(try #require(ListFixture.failure(text: text)).reason.contains("crictl inspecti -o json"))
    }
    // Docker 29.
    let docker = "IMAGE   ID             DISK USAGE   CONTENT SIZE   EXTRA\na:1     fd45878f6ec6   1kB\n"
    #expect(try #require(ListFixture.failure(text: docker)).reason.contains("docker image inspect"))
  }

  @Test func crictl() throws {
    let list = layers.map { "\"\($0)\"" }.joined(separator: ",")
    let text = #"{"status":{"id":"x"},"info":{"imageSpec":{"rootfs":{"type":"layers","diff_ids":[\#(list)]}}}}"#
    #expect(try ListFixture.list(text: text).known.chains == chains)
  }

  @Test func records() throws {
    let record = try record(layers: layers)
    #expect(try ListFixture.list(record.line + record.line).known.chains == chains)
    // A layer that was not sent is there all the same.
    var known = KnownLayers()
    known.add(layers: layers)
    #expect(try ListFixture.list(record.leavingOut(known).record.line).known.chains == chains)
  }

  @Test func errorRecords() throws {
    let error = ErrorRecord(input: "gone", Failure(.notFound, "gone", "image not known"))
    for text in [error.line, try record(layers: layers).line + error.line] {
      let failure = try #require(ListFixture.failure(text))
      #expect(failure.kind == .badData && failure.reason.contains("image not known"))
    }
  }

  @Test func linesOfDigests() throws {
    let text =
      "# layers\n\(layers[0])\n\n  \(layers[1].hex)  # 2\r\nfd45878f6ec6 sha256:12 \(digest("z").hex)0\n"
    let known = try ListFixture.list(text: text).known
    #expect(known.chains.isEmpty && known.digests == Set(layers))
    #expect(try ListFixture.list(text: "\(layers[0]), \"\(layers[1])\"").known.digests == Set(layers))
    #expect(try ListFixture.list(text: "[\(layers[0])]\n[\(layers[1])]\n").known.chains == Set(layers))
  }

  @Test func severalTablesInOneText() throws {
    let text = [try ListFixture.bytes("ctr-content"), try ListFixture.bytes("ctr-snapshots")].joined()
    let known = try ListFixture.list(Array(text)).known
    #expect(known.chains == chains && known.digests.count == 5)
  }

  @Test func anyMixOfJSON() throws {
    let parts = [
      "podman-image-inspect.newest", "docker-image-inspect.debian12", "skopeo-inspect-config",
      "docker-layers-json",
    ]
    let texts = try parts.map { try ListFixture.bytes($0) }
    #expect(try ListFixture.list(Array(texts.joined())).known.chains == chains)
    #expect(try ListFixture.list(Array(texts.joined(separator: [0x1E, 0x0A]))).known.chains == chains)
  }

  @Test func valuesWithoutLayersAreNoted() throws {
    let config = try ListFixture.bytes("skopeo-inspect-config")
    let list = try ListFixture.list(Array(#"{"a":1} 5 [{"schemaVersion":2}, null] "#.utf8) + config)
    #expect(list.known.chains == chains)
    #expect(list.notes == ["4 JSON values name no layers"])
    #expect(ListFixture.failure(text: #"{"a":1}"#)?.kind == .badData)
  }

  @Test func noImagesAreAList() throws {
    for text in ["[]", "KEY PARENT KIND\n", #"{"RootFS":{"Type":"layers"}}"#, #"{"rootfs":{"diff_ids":null}}"#]
    {
      #expect(try ListFixture.list(text: text).known.isEmpty)
    }
  }
}
