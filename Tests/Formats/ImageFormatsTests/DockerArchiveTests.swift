import Diagnostics
import Digests
import ImageFormats
import ImageModel
import ImageSource
import JSON
import LayerPipeline
import Outputs
import StoreFixtures
import Testing

/// The members of an archive, and their order.
@Suite struct DockerArchiveTests {
  private let one = MemoryLayer.layer(deterministicBytes(700, seed: 1))
  private let two = MemoryLayer.layer(deterministicBytes(512, seed: 2))

  private func write(_ images: [FormatImage]) throws -> [FoundMember] {
    try tarMembers(of: written(images))
  }

  private func text(_ name: String, in members: [FoundMember]) throws -> String {
    let found = members.filter { $0.name == name }
    #expect(found.count == 1)
    return String(decoding: try #require(found.first).content, as: UTF8.self)
  }

  @Test func membersComeInPodmansOrder() throws {
    let image = makeImage([one, two], tags: ["localhost/a:1"])
    let found = try write([image])
    let legacy = found.filter { $0.name.hasSuffix("/json") }.map { String($0.name.dropLast(5)) }
    try #require(legacy.count == 2)
    #expect(
      found.map(\.name) == [
        "\(one.layer.diffID.hex).tar", "\(two.layer.diffID.hex).tar", "\(image.config.digest.hex).json",
        "\(legacy[0])/layer.tar", "\(legacy[0])/VERSION", "\(legacy[0])/json",
        "\(legacy[1])/layer.tar", "\(legacy[1])/VERSION", "\(legacy[1])/json", "manifest.json", "repositories",
      ])
    let links = found.filter { $0.type == 0x32 }
    #expect(links.map(\.name) == ["\(legacy[0])/layer.tar", "\(legacy[1])/layer.tar"])
    #expect(links.map(\.link) == ["../\(one.layer.diffID.hex).tar", "../\(two.layer.diffID.hex).tar"])
    #expect(try text("repositories", in: found) == #"{"localhost/a":{"1":"\#(legacy[1])"}}"#)
    #expect(
      try text("manifest.json", in: found)
        == #"[{"Config":"\#(image.config.digest.hex).json","RepoTags":["localhost/a:1"],"#
        + #""Layers":["\#(one.layer.diffID.hex).tar","\#(two.layer.diffID.hex).tar"]}]"#)
  }

  @Test func whatImagesShareIsWrittenOnce() throws {
    let images = [
      makeImage([one], config: #"{"os":"a"}"#), makeImage([one, two], config: #"{"os":"b"}"#),
      makeImage([one, two, one], config: #"{"os":"c"}"#),
    ]
    let names = try write(images).map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.filter { $0.hasSuffix(".tar") && !$0.contains("/") }.count == 2)
    // Top layers: one each. Lower layers: the first layer, and the second one on the first.
    #expect(names.filter { $0.hasSuffix("/VERSION") }.count == 5)
  }

  /// Loaders match the layers with the config: an entry of one config cannot be that of another.
  @Test func configsWithTheSameLayersAreEntriesOfTheirOwn() throws {
    let images = [
      makeImage([one], config: #"{"os":"a"}"#, tags: ["localhost/a:1"]),
      makeImage([one], config: #"{"os":"b"}"#, tags: ["localhost/b:1"]),
    ]
    let entries = try JSONValue(parsing: Array(text("manifest.json", in: write(images)).utf8)).elements
    #expect(
      entries.map { $0["Config"]?.string } == images.map { "\($0.config.digest.hex).json" })
    #expect(entries.map { $0["RepoTags"]?.elements.map(\.string) } == [["localhost/a:1"], ["localhost/b:1"]])
  }

  @Test func oneConfigIsOneEntryWithAllTags() throws {
    let found = try write([
      makeImage([one], tags: ["localhost/b:1", "localhost/a:1"]),
      makeImage([two], config: #"{"os":"x"}"#),
      makeImage([one], tags: ["localhost/a:1", "localhost/a:2"]),
    ])
    let manifest = try text("manifest.json", in: found)
    #expect(manifest.contains(#""RepoTags":["localhost/b:1","localhost/a:1","localhost/a:2"]"#))
    #expect(manifest.contains(#""RepoTags":[]"#))
    #expect(manifest.split(separator: "\"Config\"").count == 3)
  }

  @Test func repositoriesAreSortedByBytesAndTheLastImageWins() throws {
    let found = try write([
      // What has no tag is not listed.
      makeImage([one], tags: ["untagged", "localhost/b:z", "localhost/B:1", "localhost:5000/a:1"]),
      makeImage([two], config: #"{"os":"x"}"#, tags: ["localhost/b:a", "localhost/b:z"]),
    ])
    let ids = found.filter { $0.name.hasSuffix("/json") }.map { String($0.name.dropLast(5)) }
    #expect(
      try text("repositories", in: found)
        == #"{"localhost/B":{"1":"\#(ids[0])"},"localhost/b":{"a":"\#(ids[1])","z":"\#(ids[1])"},"#
        + #""localhost:5000/a":{"1":"\#(ids[0])"}}"#)
  }

  @Test func anImageWithoutLayersIsInTheManifestOnly() throws {
    let image = makeImage([], tags: ["localhost/a:1"])
    let found = try write([image])
    #expect(found.map(\.name) == ["\(image.config.digest.hex).json", "manifest.json", "repositories"])
    #expect(try text("repositories", in: found) == "{}")
    #expect(try text("manifest.json", in: found).hasSuffix(#""RepoTags":["localhost/a:1"],"Layers":[]}]"#))
  }

  @Test(arguments: [0, 1, 511, 512, 513, 512 << 10, 512 << 10 + 1, 7 * (512 << 10) + 3])
  func layersOfAnySizeAreCopied(size: Int) throws {
    let bytes = deterministicBytes(size, seed: 9)
    let found = try write([makeImage([MemoryLayer.layer(bytes)])])
    #expect(found.first?.content == bytes)
  }

  @Test func theSameImageGivesTheSameBytes() throws {
    let image = makeImage([one, two, one], tags: ["localhost/a:1"])
    #expect(try written([image]) == written([image]))
  }
}
