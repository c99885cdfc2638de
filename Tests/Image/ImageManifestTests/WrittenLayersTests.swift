import Digests
import ImageModel
import Testing

@testable import ImageManifest

@Suite struct WrittenLayersTests {
  private func written(_ digit: Character, _ size: UInt64, gzip: Bool) throws -> WrittenLayer {
    WrittenLayer(digest: try #require(Digest(digestText(digit))), size: size, compression: gzip ? "gzip" : nil)
  }

  static let types: [(String, String)] = [
    (ociLayerPrefix + "v1.tar", ociLayerPrefix + "v1.tar+gzip"),
    (ociLayerPrefix + "nondistributable.v1.tar", ociLayerPrefix + "nondistributable.v1.tar+gzip"),
    (dockerLayerPrefix + "diff.tar", dockerLayerPrefix + "diff.tar.gzip"),
    (dockerLayerPrefix + "foreign.diff.tar", dockerLayerPrefix + "foreign.diff.tar.gzip"),
  ]

  @Test(arguments: types)
  func gzipTakesTheVariantOfTheSameKind(plain: String, gzip: String) throws {
    let isOCI = plain.hasPrefix(ociLayerPrefix)
    let json = layerJSON(plain, "a", size: 10240, more: #","urls":["u"],"annotations":{"k":"v"}"#)
    let manifest = try Manifest(parsing: isOCI ? ociManifest(json) : dockerManifest(json))
    let blob = try manifest.replacingLayers([written("b", 102, gzip: true)])
    let fields =
      isOCI
      ? #""digest":"\#(digestText("b"))","size":102"# : #""size":102,"digest":"\#(digestText("b"))""#
    #expect(text(blob.bytes).hasSuffix(#","layers":[{"mediaType":"\#(gzip)",\#(fields)}]}"#))
    #expect(blob.mediaType == manifest.blob.mediaType)
    // Written as described: no byte changes.
    #expect(try manifest.replacingLayers([written("a", 10240, gzip: false)]) == manifest.blob)
  }

  @Test(arguments: ["v1.tar", "nondistributable.v1.tar+gzip"])
  func zstdTakesTheVariantOfTheSameKind(type: String) throws {
    let json = layerJSON(ociLayerPrefix + type, "a", size: 10240, more: #","annotations":{"k":"v"}"#)
    let layer = WrittenLayer(digest: try #require(Digest(digestText("b"))), size: 102, compression: "zstd")
    let blob = try Manifest(parsing: ociManifest(json)).replacingLayers([layer])
    let zstd = ociLayerPrefix + type.prefix { $0 != "+" } + "+zstd"
    #expect(
      text(blob.bytes).hasSuffix(
        #"[{"mediaType":"\#(zstd)","digest":"\#(digestText("b"))","size":102}]}"#))
  }

  @Test(arguments: ["diff.tar", "foreign.diff.tar", "diff.tar.zstd"])
  func dockerHasNoLayersInZstd(type: String) throws {
    let manifest = try Manifest(parsing: dockerManifest(layerJSON(dockerLayerPrefix + type, "a")))
    let layer = WrittenLayer(digest: try #require(Digest(digestText("b"))), size: 102, compression: "zstd")
    #expect(
      reason { _ = try manifest.replacingLayers([layer]) }
        == #"creating an updated image manifest: preparing updated manifest, layer "\#(digestText("b"))": "#
        + #"zstd compression is not supported for type "\#(dockerLayerPrefix)\#(type)""#)
  }

  @Test func plainLayersKeepTheirAnnotations() throws {
    let plain = layerJSON(ociLayerPrefix + "v1.tar", "a", size: 10240, more: #","annotations":{"k":"v"}"#)
    let manifest = try Manifest(parsing: ociManifest(plain, plain))
    let blob = try manifest.replacingLayers([
      written("a", 10240, gzip: false), written("b", 102, gzip: true),
    ])
    #expect(
      text(blob.bytes).hasSuffix(
        #"[{"mediaType":"\#(ociLayerPrefix)v1.tar","digest":"\#(digestText("a"))","size":10240,"#
          + #""annotations":{"k":"v"}},{"mediaType":"\#(ociLayerPrefix)v1.tar+gzip","#
          + #""digest":"\#(digestText("b"))","size":102}]}"#))
  }

  @Test func digestAndSizeMustBothBeThoseOfTheManifest() throws {
    let manifest = try Manifest(parsing: ociManifest(layerJSON(ociLayerPrefix + "v1.tar", "a", size: 10240)))
    for (digit, size) in [("a" as Character, 10241), ("b", 10240)] {
      let blob = try manifest.replacingLayers([written(digit, UInt64(size), gzip: false)])
      #expect(
        text(blob.bytes).hasSuffix(
          #"[{"mediaType":"\#(ociLayerPrefix)v1.tar","digest":"\#(digestText(digit))","size":\#(size)}]}"#))
    }
    #expect(try manifest.replacingLayers([written("a", 10240, gzip: false)]) == manifest.blob)
  }

  /// A blob as it is in a layout: the type of its descriptor, whether it is the plain tar, and its compression.
  @Test(
    arguments: [
      (ociLayerPrefix + "v1.tar", true, .some(nil)), (ociLayerPrefix + "v1.tar", false, nil),
      (ociLayerPrefix + "v1.tar+gzip", false, "gzip"), (ociLayerPrefix + "v1.tar+zstd", false, "zstd"),
      (ociLayerPrefix + "v1.tar+gzip", true, .some(nil)), (dockerLayerPrefix + "diff.tar.gzip", false, "gzip"),
      (dockerLayerPrefix + "diff.tar", true, .some(nil)), (dockerLayerPrefix + "diff.tar.zstd", false, "zstd"),
      (ociLayerPrefix + "nondistributable.v1.tar", true, nil),
      (dockerLayerPrefix + "foreign.diff.tar", true, nil),
      ("x/y", true, nil), ("", true, nil),
    ] as [(String, Bool, String??)])
  func aPresentBlobIsDescribed(type: String, isPlain: Bool, compression: String??) throws {
    let diffID = try #require(Digest(digestText("a")))
    let digest = isPlain ? diffID : try #require(Digest(digestText("b")))
    let descriptor = Descriptor(mediaType: MediaType(type), digest: digest, size: 7)
    let expected = compression.map { WrittenLayer(digest: digest, size: 7, compression: $0) }
    #expect(WrittenLayer(descriptor, diffID: diffID) == expected)
  }

  @Test func nothingChangesWithoutLayers() throws {
    let manifest = Array((text(ociManifest()) + "\n").utf8)
    #expect(try Manifest(parsing: manifest).replacingLayers([]).bytes == manifest)
  }

  @Test func refusesUnknownTypesAndOtherCounts() throws {
    let manifest = try Manifest(parsing: ociManifest(layerJSON("x/y", "a")))
    #expect(
      reason { _ = try manifest.replacingLayers([written("b", 102, gzip: true)]) }
        == #"creating an updated image manifest: preparing updated manifest, layer "\#(digestText("b"))": "#
        + #"unsupported MIME type for compression: "x/y""#)
    #expect(
      reason { _ = try manifest.replacingLayers([]) }
        == "creating an updated image manifest: Error preparing updated manifest: layer count changed from 1 to 0"
    )
  }
}
