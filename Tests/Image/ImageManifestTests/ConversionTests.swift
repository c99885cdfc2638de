import Digests
import ImageModel
import Testing

@testable import ImageManifest

@Suite struct ConversionTests {
  private func convert(
    _ manifest: [UInt8], to family: ManifestFamily, _ layers: [Layer], config: [UInt8] = smallConfig
  ) throws -> ConvertedImage {
    try Manifest(parsing: manifest).converted(to: family, config: config, layers: layers)
  }

  @Test func keepsEveryByteWhereNothingChanges() throws {
    let oci = layerJSON(ociLayerPrefix + "v1.tar", "a", size: 10240, more: #","annotations":{"k":"v"},"x":1"#)
    let docker = layerJSON(dockerLayerPrefix + "diff.tar", "a", size: 10240, more: #","x":1"#)
    let odd = text(ociManifest(oci)).replacing(",", with: " ,\n") + "\n"
    for (manifest, family) in [
      (ociManifest(oci), ManifestFamily.oci), (Array(odd.utf8), .oci), (dockerManifest(docker), .docker),
    ] {
      let image = try convert(manifest, to: family, [layer("a")])
      #expect(image.manifest.bytes == manifest)
      #expect(image.config.bytes == smallConfig)
      #expect(image.changes == [])
      #expect(image.manifest.mediaType == family.manifestType)
    }
  }

  @Test func keepsManifestsWithoutLayers() throws {
    #expect(try convert(ociManifest(), to: .oci, []).changes == [])
    #expect(try convert(dockerManifest(), to: .docker, []).changes == [])
    let null = Array(text(ociManifest()).replacing(#""layers":[]"#, with: #""layers":null"#).utf8)
    #expect(try convert(null, to: .oci, []).manifest.bytes == null)
    #expect(text(try convert(null, to: .docker, []).manifest.bytes).hasSuffix(#","layers":[]}"#))
  }

  static let dirty: [(String, Character, Int, String, ManifestChanges)] =
    [
      ("v1.tar+gzip", "b", 102, "", [.layers, .layerTypes]),
      ("v1.tar", "b", 10240, "", .layers),
      ("v1.tar", "a", 10241, "", .layers),
      ("v1.tar+zstd", "a", 10240, "", .layerTypes),
      ("v1.tar", "a", 10240, #","urls":["http://x"]"#, .layerURLs),
      ("v1.tar", "a", 10240, #","annotations":{}"#, .layerAnnotations),
    ] + aboutCompression.map { ("v1.tar", "a", 10240, #","annotations":{"\#($0)":""}"#, .layerAnnotations) }

  private static let aboutCompression = [
    "io.github.containers.zstd-chunked.manifest-checksum",
    "io.github.containers.zstd-chunked.manifest-position",
    "io.github.containers.zstd-chunked.tarsplit-checksum",
    "io.github.containers.zstd-chunked.tarsplit-position",
    "containerd.io/snapshot/stargz/toc.digest",
  ]

  @Test(arguments: dirty)
  func rewritesWhatStorageDescribesOtherwise(
    type: String, digit: Character, size: Int, more: String, changes: ManifestChanges
  ) throws {
    let manifest = ociManifest(layerJSON(ociLayerPrefix + type, digit, size: size, more: more))
    let image = try convert(manifest, to: .oci, [layer("a")])
    #expect(image.changes == changes)
    #expect(!image.changes.descriptions.isEmpty)
    #expect(
      text(image.manifest.bytes) == #"{"schemaVersion":2,"mediaType":"\#(ociManifestType)","config":{"#
        + #""mediaType":"\#(ociConfigType)","digest":"\#(SHA256.digest(of: smallConfig))","#
        + #""size":\#(smallConfig.count)},"layers":[{"mediaType":"\#(ociLayerPrefix)v1.tar","#
        + #""digest":"\#(digestText("a"))","size":10240}]}"#)
  }

  /// The blob that a source has, and the layer of the manifest: only one that describes it stays.
  @Test(
    arguments: [
      ("+gzip", "b", 102, "+gzip", "b", 102, []), ("", "a", 10240, "", "a", 10240, []),
      ("+gzip", "b", 102, "+gzip", "b", 103, [.layers, .layerTypes]),
      ("+gzip", "b", 102, "+gzip", "c", 102, [.layers, .layerTypes]),
      // A compressed type for the plain tar, and the reverse.
      ("+gzip", "a", 10240, "+gzip", "a", 10240, .layerTypes), ("", "b", 102, "", "b", 102, .layers),
    ] as [(String, Character, UInt64, String, Character, Int, ManifestChanges)])
  func aBlobStaysAsItWasPublished(
    blobSuffix: String, blobDigit: Character, blobSize: UInt64, suffix: String, digit: Character, size: Int,
    changes: ManifestChanges
  ) throws {
    let plain = try layer("a")
    let blob = BlobDescriptor(
      mediaType: MediaType("\(ociLayerPrefix)v1.tar\(blobSuffix)"),
      digest: try #require(Digest(digestText(blobDigit))), size: blobSize)
    let layer = Layer(diffID: plain.diffID, size: plain.size, blob: blob)
    let manifest = ociManifest(layerJSON("\(ociLayerPrefix)v1.tar\(suffix)", digit, size: size))
    let image = try convert(manifest, to: .oci, [layer])
    #expect(image.changes == changes)
    let written = try #require(try Manifest(parsing: image.manifest.bytes).layers.first)
    #expect(written.digest == blob.digest && written.size == blob.size)
    if changes.isEmpty { #expect(image.manifest.bytes == manifest) }
  }

  @Test func aBlobInZstdKeepsDockersOwnType() throws {
    let plain = try layer("a")
    let blob = BlobDescriptor(
      mediaType: .ociLayerZstd, digest: try #require(Digest(digestText("b"))), size: 102)
    let image = try convert(
      ociManifest(layerJSON(ociLayerPrefix + "v1.tar+zstd", "b")), to: .docker,
      [Layer(diffID: plain.diffID, size: plain.size, blob: blob)])
    let written = try #require(try Manifest(parsing: image.manifest.bytes).layers.first)
    #expect(written.mediaType.description == dockerLayerPrefix + "diff.tar.zstd")
    #expect(written.digest == blob.digest && written.size == 102)
  }

  @Test func theSizeOfAPlainTarMustBeKnown() throws {
    let unknown = Layer(diffID: try layer("a").diffID, size: nil)
    #expect(
      reason {
        _ = try convert(ociManifest(layerJSON(ociLayerPrefix + "v1.tar+gzip", "b")), to: .oci, [unknown])
      }
        == "layer \(digestText("a")): the size of its uncompressed tar is not known")
  }

  static let tableToDocker: [(String, String)] = [
    ("v1.tar", "diff.tar"), ("v1.tar+gzip", "diff.tar"), ("v1.tar+zstd", "diff.tar"),
    ("nondistributable.v1.tar", "foreign.diff.tar"), ("nondistributable.v1.tar+gzip", "foreign.diff.tar"),
    ("nondistributable.v1.tar+zstd", "foreign.diff.tar"),
  ]

  @Test(arguments: tableToDocker)
  func convertsLayersToDocker(oci: String, docker: String) throws {
    let more = #","urls":["u"],"annotations":{"k":"v"},"data":"aGk=""#
    let image = try convert(
      ociManifest(layerJSON(ociLayerPrefix + oci, "b", more: more)), to: .docker, [layer("a")])
    #expect(
      text(image.manifest.bytes) == #"{"schemaVersion":2,"mediaType":"\#(dockerManifestType)","#
        + #""config":{\#(configMembers(dockerConfigType))},"layers":[{"mediaType":"\#(dockerLayerPrefix)\#(docker)","#
        + #""size":10240,"digest":"\#(digestText("a"))"}]}"#)
    #expect(image.config.bytes == smallConfig)
    #expect(image.config.mediaType == .dockerConfig)
    #expect(image.changes.isSuperset(of: [.format, .layers, .layerURLs]))
    #expect(!image.changes.contains(.config))
  }

  static let tableToOCI: [(String, String)] = [
    ("diff.tar", "v1.tar"), ("diff.tar.gzip", "v1.tar"), ("diff.tar.zstd", "v1.tar"),
    ("foreign.diff.tar", "nondistributable.v1.tar"), ("foreign.diff.tar.gzip", "nondistributable.v1.tar"),
  ]

  @Test(arguments: tableToOCI)
  func convertsLayersToOCI(docker: String, oci: String) throws {
    let more = #","urls":["u"],"annotations":{"k":"v"}"#
    let manifest = dockerManifest(layerJSON(dockerLayerPrefix + docker, "b", more: more))
    let image = try convert(manifest, to: .oci, [layer("a")])
    #expect(
      text(image.manifest.bytes) == #"{"schemaVersion":2,"mediaType":"\#(ociManifestType)","config":{"#
        + #""mediaType":"\#(ociConfigType)","digest":"\#(image.config.digest)","#
        + #""size":\#(image.config.bytes.count)},"layers":[{"mediaType":"\#(ociLayerPrefix)\#(oci)","#
        + #""digest":"\#(digestText("a"))","size":10240}]}"#)
    // Without a change of format, the type becomes that of the plain tar of the same kind.
    let kept = try convert(manifest, to: .docker, [layer("a")])
    let plain = docker.hasPrefix("foreign") ? "foreign.diff.tar" : "diff.tar"
    #expect(
      text(kept.manifest.bytes).hasSuffix(
        #"[{"mediaType":"\#(dockerLayerPrefix)\#(plain)","size":10240,"digest":"\#(digestText("a"))"}]}"#))
  }

  @Test func keepsWhatOnlyOCIHas() throws {
    let chunked = #""io.github.containers.zstd-chunked.manifest-checksum":"sha256:x""#
    let layerText = layerJSON(
      ociLayerPrefix + "v1.tar+zstd", "b",
      more: #","annotations":{"z":"1",\#(chunked),"a":"<é>"},"platform":{},"urls":["u"]"#)
    let subject = #"{"mediaType":"s","digest":"\#(digestText("c"))","size":1}"#
    let config =
      #"{"annotations":{"k":"v"},"data":"aGk=","platform":{"os":"linux","variant":""},"artifactType":"t","#
      + #""urls":["v"],\#(configMembers(ociConfigType)),"unknown":1}"#
    let manifest =
      #"{"annotations":{"b":"2","a":"1"},"subject":\#(subject),"artifactType":"x/y","layers":[\#(layerText)],"#
      + #""config":\#(config),"schemaVersion":2,"unknown":[]}"#
    let image = try convert(Array(manifest.utf8), to: .oci, [layer("a")])
    #expect(
      text(image.manifest.bytes) == #"{"schemaVersion":2,"artifactType":"x/y","config":{"#
        + #""mediaType":"\#(ociConfigType)","digest":"\#(SHA256.digest(of: smallConfig))","#
        + #""size":\#(smallConfig.count),"urls":["v"],"annotations":{"k":"v"},"data":"aGk=","#
        + #""platform":{"architecture":"","os":"linux"},"artifactType":"t"},"#
        + #""layers":[{"mediaType":"\#(ociLayerPrefix)v1.tar","digest":"\#(digestText("a"))","size":10240,"#
        + #""annotations":{"a":"\u003cé\u003e","z":"1"}}],"subject":\#(subject),"annotations":{"a":"1","b":"2"}}"#
    )
    #expect(image.changes == [.layers, .layerTypes, .layerAnnotations, .layerURLs])
    let docker = try convert(Array(manifest.utf8), to: .docker, [layer("a")])
    #expect(
      text(docker.manifest.bytes) == #"{"schemaVersion":2,"mediaType":"\#(dockerManifestType)","#
        + #""config":{\#(configMembers(dockerConfigType)),"urls":["v"]},"layers":["#
        + #"{"mediaType":"\#(dockerLayerPrefix)diff.tar","size":10240,"digest":"\#(digestText("a"))"}]}"#)
  }

  @Test func refusesWhatCannotBeExpressed() throws {
    let one = [try layer("a")]
    let unknown = ociManifest(layerJSON("x/y", "b"))
    #expect(
      reason { _ = try convert(unknown, to: .docker, one) }
        == #"creating an updated image manifest: Unknown media type during manifest conversion: "x/y""#)
    #expect(
      reason { _ = try convert(unknown, to: .oci, one) }
        == #"creating an updated image manifest: preparing updated manifest, layer "\#(digestText("a"))": "#
        + #"unsupported MIME type for decompression: "x/y""#)
    let odd = dockerManifest(layerJSON(dockerConfigType, "b"))
    #expect(
      reason { _ = try convert(odd, to: .oci, one) }
        == "creating an updated image manifest: Unknown media type during manifest conversion: "
        + "\"\(dockerConfigType)\"")
    let encrypted = ociManifest(layerJSON(ociLayerPrefix + "v1.tar+gzip+encrypted", "b"))
    #expect(
      reason { _ = try convert(encrypted, to: .docker, one) }
        == "encryption required together with format \(dockerManifestType), which does not support encryption")
  }

  static let artifacts: [(String, String, String)] = [
    ("x/y", "", #"unsupported image-specific operation on artifact with type "x/y""#),
    ("x/y", "a/b", #"unsupported image-specific operation on artifact with type "a/b""#),
    (dockerConfigType, "", #"invalid mixed OCI image with Docker v2s2 config ("\#(dockerConfigType)")"#),
  ]

  @Test(arguments: artifacts)
  func artifactsStayOCI(config: String, type: String, words: String) throws {
    let manifest = Array(
      text(ociManifest()).replacing(ociConfigType, with: config)
        .replacing(#","config""#, with: #","artifactType":"\#(type)","config""#).utf8)
    #expect(
      reason { _ = try convert(manifest, to: .docker, []) } == "creating an updated image manifest: " + words)
    #expect(try convert(manifest, to: .oci, []).manifest.bytes == manifest)
  }

  @Test func refusesAnotherConfigOrNumberOfLayers() throws {
    let manifest = ociManifest(layerJSON(ociLayerPrefix + "v1.tar", "a"))
    let one = [try layer("a")]
    #expect(
      reason { _ = try convert(manifest, to: .oci, one, config: []) }?
        .hasPrefix("config validation failed: blob digest sha256:e3b0c442") == true)
    let wrongSize = Array(
      text(manifest).replacing(#""size":\#(smallConfig.count)"#, with: #""size":1"#).utf8)
    #expect(
      reason { _ = try convert(wrongSize, to: .oci, one) }
        == "config validation failed: blob size \(smallConfig.count) does not match expected 1")
    #expect(
      reason { _ = try Manifest(parsing: manifest).converted(to: .oci, config: nil, layers: one) }
        == "config \(SHA256.digest(of: smallConfig)) is missing")
    #expect(
      reason { _ = try convert(manifest, to: .oci, []) } == "expected more than 0 physical layers to exist")
    #expect(
      reason { _ = try convert(manifest, to: .oci, one + one) } == "used only 1 out of 2 physical layers")
    let largest = [UInt8](repeating: 0x20, count: 4 << 20)
    #expect(
      reason { _ = try convert(manifest, to: .oci, one, config: largest) }?
        .hasPrefix("config validation failed: blob digest ") == true)
    #expect(
      reason { _ = try convert(manifest, to: .oci, one, config: largest + [0x20]) }
        == "config of 4194305 bytes exceeds the maximum of 4194304")
  }
}
