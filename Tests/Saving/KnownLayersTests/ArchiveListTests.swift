import Digests
import ImageModel
import KnownLayers
import POSIX
import StoreFixtures
import Testing

/// Archives and directories as lists: the configs count, whether the layers are in them or not.
@Suite struct ArchiveListTests {
  private let base = ListFixture.layers

  /// The layers of the update, from its config.
  private func chains(_ name: String) throws -> Set<Digest> { try ListFixture.list(name).known.chains }

  @Test(arguments: ["sparse-app-oci.tar.gz", "sparse-app-mixed.tar.gz", "sparse-app-too-much.tar.gz"])
  func anArchiveWithoutAllLayersCountsInFull(name: String) throws {
    let found = try chains(name)
    #expect(found.count == 4)
    #expect(found.isSuperset(of: chainIDs(of: base)))
    #expect(found == (try chains("sparse-app-oci.tar.gz")))
  }

  @Test func directories() throws {
    let folder = try TemporaryDirectory()
    for path in ["layout/blobs/sha256", "dir"] { try folder.makeDirectory(path) }
    let list = base.map { "\"\($0)\"" }.joined(separator: ",")
    let config = Array(#"{"rootfs":{"type":"layers","diff_ids":[\#(list)]}}"#.utf8)
    let layer = #"{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"\#(base[0])","size":1}"#
    let manifest = Array(
      #"""
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"\#(SHA256.digest(of: config))","size":\#(config.count)},"layers":[\#(layer),\#(layer)]}
      """#.utf8)
    let manifestDigest = SHA256.digest(of: manifest)
    func index(_ digest: Digest, _ type: String, _ size: Int) -> [UInt8] {
      let entry =
        #"{"mediaType":"application/vnd.oci.image.\#(type).v1+json","digest":"\#(digest)","size":\#(size)}"#
      let other = #"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\#(base[1])","size":1}"#
      return Array(#"{"schemaVersion":2,"manifests":[\#(entry),\#(other)]}"#.utf8)
    }
    // An index in the index, with one platform missing.
    let inner = index(manifestDigest, "manifest", manifest.count)
    let innerDigest = SHA256.digest(of: inner)
    for (bytes, digest) in [
      (config, SHA256.digest(of: config)), (manifest, manifestDigest), (inner, innerDigest),
    ] {
      try folder.write(bytes, to: "layout/blobs/sha256/\(digest.hex)")
    }
    try folder.write(index(innerDigest, "index", inner.count), to: "layout/index.json")
    let layout = try LayerList(at: Path(folder.at("layout")))
    #expect(layout.known.chains == Set(chainIDs(of: base)))
    #expect(layout.notes.count == 1)

    try folder.write(config, to: "dir/\(SHA256.digest(of: config).hex)")
    try folder.write(manifest, to: "dir/manifest.json")
    #expect(try LayerList(at: Path(folder.at("dir"))).known.chains == Set(chainIDs(of: base)))
  }
}
