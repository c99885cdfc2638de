import Diagnostics
import Digests
import Foundation
import ImageModel
import ImageRecord
import ImageSource
import StoreFixtures
import Testing

@testable import ImageFiles

/// Indexes of layouts: what in them is an image, and which one is meant.
@Suite(.timeLimit(.minutes(5))) struct LayoutRuleTests {
  let layout: LayoutFixture
  private static let amd64 = #","platform":{"os":"linux","architecture":"amd64"}"#
  private static let arm64 = #","platform":{"os":"linux","architecture":"arm64"}"#
  private static let attestation = #","annotations":{"vnd.docker.reference.type":"attestation-manifest"}"#

  init() throws {
    layout = try LayoutFixture()
  }

  /// An index as a blob; returns its descriptor.
  private func index(_ entries: String...) throws -> String {
    try layout.blob(
      Array(
        (#"{"schemaVersion":2,"mediaType":"\#(MediaType.ociIndex)","manifests":["#
          + entries.joined(separator: ",") + "]}").utf8), .ociIndex)
  }

  /// An image of another config without layers; returns its descriptor.
  private func other(_ note: String, architecture: String = "arm64", type: MediaType = .ociConfig) throws
    -> String
  {
    let config = #"{"os":"linux","architecture":"\#(architecture)","rootfs":{"diff_ids":[]},"note":"\#(note)"}"#
    let descriptor = try layout.blob(Array(config.utf8), type)
    return try layout.blob(
      Array(#"{"schemaVersion":2,"config":\#(descriptor),"layers":[]}"#.utf8), .ociManifest)
  }

  private func with(_ members: String, _ descriptor: String) -> String { descriptor.dropLast() + members + "}" }

  private func records(_ platforms: PlatformChoice) throws -> [ImageRecord] {
    try Archives.catalog(layout.text, platforms).records(for: .name(layout.text))
  }

  private func remove(_ bytes: [UInt8]) throws {
    try layout.folder.remove("blobs/sha256/\(SHA256.digest(of: bytes).hex)")
  }

  @Test func entriesThatAreNoImagesAreLeftOut() throws {
    let image = try layout.image()
    try layout.index(
      with(Self.attestation, try other("1")), image.replacing("\(MediaType.ociManifest)", with: "text/plain"),
      image)
    #expect(try Archives.record(layout.text).layers.count == 1)
    #expect(try Archives.all(layout.text).count == 1)
    // Some writers leave out the type.
    try layout.index(image.replacing("\(MediaType.ociManifest)", with: ""))
    #expect(try Archives.record(layout.text).layers.count == 1)
    try layout.index(with(Self.attestation, image))
    #expect(try layout.failure()?.description.hasSuffix("there are no images in it") == true)
  }

  @Test func damagedImagesAreNotLeftOut() throws {
    let image = try layout.image()
    try layout.index(image, try other("1"))
    try remove(LayoutFixture.layer)
    #expect(#expect(throws: Failure.self) { try Archives.all(layout.text) }?.kind == .badData)
    try layout.index(try other("2", type: MediaType("text/plain")), try other("3"))
    #expect(try Archives.all(layout.text).count == 2, "what can be read as an image is one")
  }

  @Test func manifestsInDescriptorsAreRead() throws {
    let image = try layout.image()
    let digest = try #require(image.firstMatch(of: #/sha256:([0-9a-f]+)/#)?.1)
    let bytes = try layout.folder.read("blobs/sha256/\(digest)")
    try layout.folder.remove("blobs/sha256/\(digest)")
    let data = #","data":"\#(Data(bytes).base64EncodedString())""#
    try layout.index(try index(with(Self.amd64 + data, image)))
    #expect(try Archives.record(layout.text).layers.count == 1)
    #expect(try records(Archives.allPlatforms).count == 1)
    try layout.index(try index(with(Self.amd64, image)))
    #expect(try layout.failure()?.kind == .notFound)
  }

  /// An entry without a platform has that of its image.
  @Test func thePlatformOfAnImageCounts() throws {
    try layout.index(try index(try other("1")))
    #expect(
      try layout.failure()?.reason == "no image for linux/amd64", "the only image is for another platform")
    try layout.index(try index(try other("1"), try layout.image()))
    #expect(try Archives.record(layout.text).layers.count == 1)
  }

  @Test(arguments: [1, 2, 3, 4, 5], [true, false]) func nestedIndexesHaveALimit(depth: Int, hasPlatforms: Bool)
    throws
  {
    var entry = try layout.image()
    for _ in 0..<depth { entry = try index(hasPlatforms ? with(Self.amd64, entry) : entry) }
    try layout.index(entry)
    if depth <= 4 {
      #expect(try Archives.record(layout.text).layers.count == 1)
      #expect(try records(Archives.allPlatforms).count == 1)
    } else {
      #expect(try layout.failure()?.reason == "indexes are nested deeper than 4")
      let failure = #expect(throws: Failure.self) { try records(Archives.allPlatforms) }
      #expect(failure?.reason == "indexes are nested deeper than 4")
    }
  }

  @Test func anIndexThatIsNotThereHidesNoOther() throws {
    let gone =
      #"{"mediaType":"\#(MediaType.ociIndex)","digest":"sha256:\#(String(repeating: "0", count: 64))","size":2}"#
    try layout.index(try index(gone, try index(try layout.image())))
    #expect(try records(Archives.allPlatforms).count == 1)
    #expect(try Archives.record(layout.text).layers.count == 1)
  }

  /// A list may have lost parts of its images; those are left out if all that are there are wanted.
  @Test func imagesWithoutTheirPartsAreLeftOut() throws {
    let image = with(Self.amd64, try layout.image())
    let arm64 = with(Self.arm64, try other("1"))
    try layout.index(try index(image, arm64))
    #expect(try records(Archives.allPlatforms).map(\.layers.count) == [1, 0])
    try remove(LayoutFixture.layer)
    #expect(try records(Archives.allPlatforms).map(\.layers.count) == [0])
    _ = try layout.image()
    try remove(Array(#"{"os":"linux","architecture":"arm64","rootfs":{"diff_ids":[]},"note":"1"}"#.utf8))
    #expect(try records(Archives.allPlatforms).map(\.layers.count) == [1])
  }

  @Test func aConfigInADescriptorIsThere() throws {
    let config = Array(#"{"os":"linux","architecture":"amd64"}"#.utf8)
    let descriptor = try layout.blob(
      config, .ociConfig, members: #","data":"\#(Data(config).base64EncodedString())""#)
    try remove(config)
    let manifest = #"{"schemaVersion":2,"config":\#(descriptor),"layers":[]}"#
    try layout.index(try index(try layout.blob(Array(manifest.utf8), .ociManifest)))
    #expect(try records(Archives.allPlatforms).map(\.id) == [SHA256.digest(of: config).hex])
  }

  @Test func artifactsOfAListAreNoImages() throws {
    let artifact = try layout.blob(
      Array(
        (#"{"schemaVersion":2,"config":\#(try layout.blob([0x7B, 0x7D], MediaType("text/plain"))),"#
          + #""layers":[]}"#).utf8), .ociManifest)
    try layout.index(try index(artifact, with(Self.amd64, try layout.image())))
    #expect(try records(Archives.allPlatforms).map(\.layers.count) == [1])
  }

  @Test func manifestsOfSchema1AreRefused() throws {
    let blob = SHA256.digest(of: LayoutFixture.layer)
    let schema1 =
      #"{"schemaVersion":1,"name":"x","tag":"1","architecture":"amd64","fsLayers":[{"blobSum":"\#(blob)"}],"#
      + #""history":[{"v1Compatibility":"{\"id\":\"\#(blob.hex)\"}"}],"signatures":[{}]}"#
    try layout.index(
      try index(try layout.blob(Array(schema1.utf8), .ociManifest), with(Self.arm64, try other("1"))))
    let failure = #expect(throws: Failure.self) { try records(Archives.allPlatforms) }
    #expect(failure?.kind == .unavailable)
    #expect(failure?.reason == "manifests of Docker's schema 1 are not supported here")
  }

  @Test func theLongestIndexIsRead() throws {
    try layout.index(layout.image())
    let index = try layout.folder.read("index.json")
    try layout.folder.write(index + [UInt8](repeating: 0x20, count: 4 << 20 - index.count), to: "index.json")
    #expect(try Archives.record(layout.text).layers.count == 1)
  }

  private func notes(_ reference: String) throws -> [String] {
    var notes: [String] = []
    let text = try Archives.text(reference)
    _ = try Archives.catalog(text) { notes.append($0) }.record(for: .name(text))
    return notes.map { $0.replacing(text, with: "TEXT") }
  }

  @Test(arguments: [
    ("oci:o-attest", ["TEXT: the attestations of its index are left out"]), ("oci:o-nested", []),
    ("oci:o-one", []),
    ("oci:o-one:v1", ["TEXT: v1 is no full name, so the image gets none (img-save --tag gives one)"]),
    ("oci:q-plain:quay.io/acme/p:1", []), ("dir:d1", []),
  ]) func whatIsLeftOutIsNoted(reference: String, expected: [String]) throws {
    #expect(try notes(reference) == expected)
  }

  @Test(arguments: [
    ("dir:d1", ""), ("oci:o-multi", ":v1"), ("docker-archive:notag.tar", ":docker.io/acme/app:latest"),
    ("docker-archive:nulltags.tar", ":@0"),
  ])
  func anImageIsNamedAsItCanBeChosen(reference: String, choice: String) throws {
    let text = try Archives.text(reference)
    #expect(try Archives.catalog(text).text(of: .entry(0)) == text + choice)
  }
}
