import Diagnostics
import Digests
import ImageModel
import ImageRecord
import ImageSource
import Testing

@testable import ImageFiles

/// An image as a place lists it: its config, the start of the manifest's digest, and its names.
struct Listed: Sendable {
  let config: String
  let manifest: String
  let names: [String]

  init(_ config: String, _ manifest: String, _ names: String...) {
    self.config = config
    self.manifest = manifest
    self.names = names
  }
}

/// Archives of every writer give the images that were put in.
@Suite(.timeLimit(.minutes(10))) struct WriterTests {
  private static let app = Listed("c1", "54f3ca9b", "docker.io/acme/app:1")
  private static let idx = "docker.io/acme/app:idx"

  static let places: [(String, [Listed])] =
    [
      // Dialects of tar, and paths and links in manifest.json.
      "plain", "gnu", "dot", "manfirst", "noend", "tail", "slash", "oldtype", "base256", "paxsize", "paxglobal",
      "paxlong",
      "gnulong", "sym2", "hard",
    ].map { ("docker-archive:\($0).tar", [app]) } + [
      ("docker-archive:plain.tar.gz", [app]), ("docker-archive:gzlayers.tar", [app]),
      ("docker-archive:notag.tar", [Listed("c1", "54f3ca9b", "docker.io/acme/app:latest")]),
      ("docker-archive:nulltags.tar", [Listed("c1", "54f3ca9b")]),
      (
        "docker-archive:canon.tar",
        [Listed("c1", "54f3ca9b", "docker.io/acme/app:1", "docker.io/library/debian:latest")]
      ),
      (
        "docker-archive:saved/s20.tar",
        [
          Listed("c1", "54f3ca9b", "docker.io/acme/app:1", "docker.io/acme/app:stable"),
          Listed(
            "c2", "bc26e89f", "docker.io/acme/app:2", "docker.io/acme/app:latest",
            "registry.example:5000/team/app:2"),
          Listed("cd", "bd80c64f", "docker.io/library/dup:1"), Listed("c3", "70aed47b"),
        ]
      ),
      // Hybrids have OCI manifests, but docker 28 leaves images without names out of index.json.
      (
        "docker-archive:saved/s28c.tar",
        [
          Listed("c1", "3d8016e7", "docker.io/acme/app:1", "docker.io/acme/app:stable"),
          Listed(
            "c2", "885c1e07", "docker.io/acme/app:2", "docker.io/acme/app:latest",
            "registry.example:5000/team/app:2"),
          Listed("cd", "e9d70689", "docker.io/library/dup:1"), Listed("c3", "70aed47b"),
        ]
      ),
      (
        "oci-archive:saved/s28c.tar",
        [
          Listed("c1", "3d8016e7", "docker.io/acme/app:1", "docker.io/acme/app:stable"),
          Listed(
            "c2", "885c1e07", "docker.io/acme/app:2", "docker.io/acme/app:latest",
            "registry.example:5000/team/app:2"),
          Listed("cd", "e9d70689", "docker.io/library/dup:1"),
        ]
      ),
      ("docker-archive:saved/s28s.tar", [Listed("c1", "0093d9a6", "127.0.0.1:5055/acme/app:multi")]),
      ("oci-archive:saved/s28s.tar", [Listed("c1", "0093d9a6", "127.0.0.1:5055/acme/app:multi")]),
      ("docker-archive:saved/s28z.tar", [Listed("c2", "7458749f", "docker.io/acme/app:zstd")]),
      ("oci-archive:saved/s28z.tar", [Listed("c2", "7458749f", "docker.io/acme/app:zstd")]),
      (
        "oci-archive:saved/in/oci-multi.tar",
        [
          Listed("c1", "0093d9a6", "docker.io/acme/app:multi"),
          Listed("c2", "7458749f", "docker.io/acme/app:zstd"),
          Listed("c3", "e23b685c", "docker.io/acme/app:plain"),
          Listed("c3", "fca8e970", "registry.example:5000/team/app:2"),
        ]
      ),
      ("dir:d1", [Listed("c1", "0093d9a6")]),
    ]
    + [
      ("o-one", [Listed("c1", "0093d9a6")]), ("o-same", [Listed("c1", "0093d9a6")]),
      ("o-weirdmt", [Listed("c1", "0093d9a6")]),
      ("o-attest", [Listed("c1", "0093d9a6", "docker.io/acme/app:att")]),
      ("o-multi", [Listed("c1", "0093d9a6"), Listed("c3", "e23b685c")]),
      ("o-nested", [Listed("c1", "0093d9a6", idx)]), ("o-nested3", [Listed("c1", "0093d9a6")]),
      ("o-artifact", []), ("q-plain", [Listed("c1", "3d8016e7", "quay.io/acme/p:1")]),
      ("q-docker", [Listed("c1", "91465c4d", "quay.io/acme/d:1")]),
      ("q-zstd", [Listed("c1", "00cae465", "quay.io/acme/z:1")]),
    ].flatMap { name, images in [("oci:\(name)", images), ("oci-archive:\(name).tar", images)] } + others

  private static let four = [
    Listed("base1", "2f77b2b6", "localhost/acme/base:1"),
    Listed("app1", "3f7b8865", "localhost/acme/app:1", "registry.example/app:stable"),
    Listed("app2", "c60b96dd", "localhost/acme/app:2"),
    Listed("other1", "c61cf7e3", "docker.io/library/other:1"),
  ]
  private static let one = [Listed("app1", "3f7b8865", "localhost/acme/app:1")]
  private static let two = [Listed("app1", "3f7b8865", "localhost/acme/app:1", "registry.example/app:stable")]

  /// Archives with several names, with names in any annotation, and of one platform of an index.
  private static let others: [(String, [Listed])] = [
    ("docker-archive:beyond/hybrid-blobs-first.tar", four), ("oci-archive:beyond/hybrid-blobs-first.tar", four),
    ("docker-archive:beyond/hybrid-multi-none.tar", four), ("oci-archive:beyond/hybrid-multi-none.tar", four),
    ("oci-archive:beyond/oci-multi-both.tar", four), ("oci-archive:beyond/oci-multi-ctr.tar", four),
    ("oci-archive:beyond/oci-multi-docker.tar", four), ("oci-archive:beyond/oci-multi-full.tar", four),
    ("docker-archive:beyond/hybrid-one-none.tar", one), ("oci-archive:beyond/hybrid-one-none.tar", one),
    ("oci-archive:beyond/oci-one-ctr.tar", one), ("oci-archive:beyond/oci-one-docker.tar", one),
    ("oci-archive:beyond/oci-one-full.tar", one), ("oci-archive:beyond/oci-two-names.tar", two),
    ("docker-archive:beyond/hybrid-two-names.tar", two), ("oci-archive:beyond/hybrid-two-names.tar", two),
    ("oci-archive:beyond/oci-one-tag.tar", [Listed("app1", "3f7b8865")]),
    ("docker-archive:beyond/hybrid-no-name.tar", [Listed("app1", "3f7b8865")]),
    ("oci-archive:beyond/hybrid-no-name.tar", [Listed("app1", "3f7b8865")]),
    ("oci-archive:beyond/list-amd64-only.tar", [Listed("app1", "3f7b8865", "localhost/acme/list:1")]),
    ("oci-archive:beyond/list-trimmed.tar", [Listed("app1", "3f7b8865", "localhost/acme/list:1")]),
    ("docker-archive:beyond/sparse-base-docker.tar", [Listed("base1", "af0baa92", "localhost/acme/base:1")]),
  ]

  @Test(arguments: places)
  func images(reference: String, images: [Listed]) throws {
    let records = try Archives.all(Archives.text(reference))
    #expect(records.count == images.count)
    for (record, image) in zip(records, images) {
      #expect(record.id == Archives.digests[image.config])
      #expect(record.manifest.digest.hex.hasPrefix(image.manifest))
      #expect(record.tags == image.names)
      #expect(record.name == image.names.first)
      let layers = try #require(Archives.layers[image.config])
      #expect(record.layers.map(\.layer.diffID.hex) == layers.map { Archives.digests[$0] })
      for (layer, name) in zip(record.layers, layers) {
        let isPlain = layer.layer.blob?.digest == layer.layer.diffID
        #expect(layer.layer.size.map { Int($0) } == Archives.sizes[name] || !isPlain && layer.layer.size == nil)
      }
      #expect(try ImageRecord.records(in: record.line)[0].line == record.line)
    }
  }

  /// Every layer has its bytes; zstd needs a build that reads it.
  @Test(
    arguments: places.map(\.0).filter {
      !$0.contains("zstd") && !$0.contains("28z") && !$0.contains("oci-multi")
    })
  func layers(reference: String) throws {
    for record in try Archives.all(Archives.text(reference)) {
      // As another process reads them: from the text of the record.
      let record = try ImageRecord.records(in: record.line)[0]
      let layers = try record.sourceLayers(from: [LayoutLayers.self, DirectoryLayers.self, ArchiveLayers.self])
      for layer in layers {
        let tar = try content(of: try #require(layer.stream).source)
        #expect(SHA256.digest(of: tar) == layer.layer.diffID)
        #expect(layer.layer.size.map { $0 == UInt64(tar.count) } ?? true)
        guard case .blob(let source) = layer.content, let blob = layer.layer.blob else { continue }
        let stored = try content(of: source)
        #expect(SHA256.digest(of: stored) == blob.digest && UInt64(stored.count) == blob.size)
      }
    }
  }

  @Test func compressedMembersAreMeasured() throws {
    let record = try Archives.record(Archives.text("docker-archive:gzlayers.tar"))
    #expect(record.layers.map(\.layer.size) == [20480, 10240])
    #expect(record.layers.map { $0.layer.blob?.size } == [9516, 369])
    #expect(record.layers.map { $0.layer.blob?.mediaType } == [.dockerLayerGzip, .dockerLayerGzip])
  }

  @Test func publishedDescriptorsStay() throws {
    let record = try Archives.record(Archives.text("oci:q-docker"))
    #expect(record.manifest.mediaType == .dockerManifest)
    let blob = try #require(record.layers[0].layer.blob)
    #expect(blob.mediaType == .dockerLayerGzip)
    #expect(blob.digest.hex.hasPrefix("8b88418f") && blob.size == 9516)
    #expect(record.layers[0].mediaType == .dockerLayer && record.layers[0].layer.size == nil)
  }
}

/// The bytes of a layer.
func content(of source: any LayerSource) throws -> [UInt8] {
  let reader = try source.open()
  var result: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = try buffer.withUnsafeMutableBytes { buffer in
      let piece = try reader.next(into: buffer)
      _ = try piece.load?(buffer)
      return piece.count
    }
    result += buffer[..<count]
    if count < buffer.count { return result }
  }
}
