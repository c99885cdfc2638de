import Digests
import ImageModel
import Testing

@testable import ImageManifest

/// The media types of layers, and those of other documents.
@Suite struct LayerTypeTests {
  @Test(arguments: [
    ("v1.tar", LayerType.ordinary), ("v1.tar+gzip", .ordinary), ("v1.tar+zstd", .ordinary),
    ("nondistributable.v1.tar", .foreign), ("nondistributable.v1.tar+gzip", .foreign),
    ("nondistributable.v1.tar+zstd", .foreign), ("v1.tar.gzip", nil), ("v1.tar+xz", nil),
    ("v1.tar+gzip+encrypted", nil), ("v1", nil), ("", nil),
  ])
  func typesOfOCI(suffix: String, type: LayerType?) {
    let mediaType = MediaType(ociLayerPrefix + suffix)
    #expect(LayerType(mediaType, in: .oci) == type)
    #expect(LayerType(mediaType, in: .docker) == nil)
    #expect(mediaType.isLayer == (type != nil))
  }

  @Test(arguments: [
    ("diff.tar", LayerType.ordinary), ("diff.tar.gzip", .ordinary), ("diff.tar.zstd", .ordinary),
    ("foreign.diff.tar", .foreign), ("foreign.diff.tar.gzip", .foreign), ("foreign.diff.tar.zstd", nil),
    ("diff.tar+gzip", nil), ("diff", nil), ("", nil),
  ])
  func typesOfDocker(suffix: String, type: LayerType?) {
    let mediaType = MediaType(dockerLayerPrefix + suffix)
    #expect(LayerType(mediaType, in: .docker) == type)
    #expect(LayerType(mediaType, in: .oci) == nil)
    #expect(mediaType.isLayer == (type != nil))
  }

  @Test(
    arguments: [
      ("v1.tar", nil), ("v1.tar+gzip", "gzip"), ("diff.tar.gzip", "gzip"), ("diff.tar.zstd", "zstd"),
      ("tar", nil),
      ("", nil), ("a.tar+", nil), ("a+b.c", "c"), ("a.b+c", "c"),
    ] as [(String, String?)])
  func theLastPartNamesTheCompression(type: String, suffix: String?) {
    #expect(MediaType(type).compressionSuffix == suffix)
  }

  /// A blob with the digest of the tar is not compressed, whatever its type says.
  @Test func aBlobIsCompressedIfItIsNotTheTar() throws {
    let diffID = try #require(Digest(digestText("a")))
    func suffix(_ digit: Character?, _ type: MediaType = .ociLayerGzip) throws -> String? {
      let blob = try digit.map {
        BlobDescriptor(mediaType: type, digest: try #require(Digest(digestText($0))), size: 1)
      }
      return Layer(diffID: diffID, size: 1, blob: blob).blobSuffix
    }
    #expect(try suffix(nil) == nil)
    #expect(try suffix("a") == nil)
    #expect(try suffix("b") == "gzip")
    #expect(try suffix("b", .ociLayer) == nil)
  }

  @Test(
    arguments: [
      (nil, true, true), ("gzip", true, true), ("zstd", true, false), ("xz", false, false),
      ("bzip2", false, false),
      ("", false, false),
    ] as [(String?, Bool, Bool)])
  func familiesHaveTypes(suffix: String?, oci: Bool, docker: Bool) {
    #expect(ManifestFamily.oci.hasType(forCompression: suffix) == oci)
    #expect(ManifestFamily.docker.hasType(forCompression: suffix) == docker)
  }

  @Test func onlyDockerCannotDescribeZstd() {
    for suffix in ["gzip", "xz"] {
      #expect(ManifestFamily.allCases.allSatisfy { $0.canDescribe(compression: suffix) })
    }
    #expect(ManifestFamily.allCases.filter { $0.canDescribe(compression: "zstd") } == [.oci])
  }

  @Test func configsAndListsHaveTwoTypesEach() {
    let types: [MediaType] = [
      .ociManifest, .ociIndex, .ociConfig, .ociLayer, .dockerManifest, .dockerManifestList, .dockerSchema1,
      .dockerSchema1Signed, .dockerConfig, .dockerLayer, MediaType(""),
    ]
    #expect(types.filter(\.isImageConfig) == [.ociConfig, .dockerConfig])
    #expect(types.filter(\.isList) == [.ociIndex, .dockerManifestList])
    #expect(types.filter(\.isLayer) == [.ociLayer, .dockerLayer])
  }

  @Test func changesHaveTheirDescriptions() {
    let all: [(ManifestChanges, String)] = [
      (.format, "converted to the other format"), (.layers, "layers are stored uncompressed"),
      (.layerTypes, "layer media types are those of plain tar"),
      (.layerAnnotations, "annotations about compressed layers dropped"), (.layerURLs, "layer URLs dropped"),
      (.config, "config written anew"),
    ]
    for (change, text) in all { #expect(change.descriptions == [text]) }
    #expect(ManifestChanges(all.map(\.0)).descriptions == all.map(\.1))
    #expect(ManifestChanges().descriptions == [])
  }
}
