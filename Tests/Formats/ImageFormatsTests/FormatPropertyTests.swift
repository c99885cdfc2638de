import Compression
import Diagnostics
import Digests
import Foundation
import ImageFormats
import ImageManifest
import ImageModel
import ImageSource
import Outputs
import POSIX
import StoreFixtures
import Testing

/// What the formats promise: times of members, compressions, and what loaders show.
@Suite struct FormatPropertyTests {
  private let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  /// The times in the headers of an archive.
  private func times(_ tar: [UInt8]) -> Set<Int> {
    var times: Set<Int> = []
    var offset = 0
    func number(_ start: Int, _ width: Int) -> Int {
      Int(String(decoding: tar[(offset + start)..<(offset + start + width)], as: UTF8.self), radix: 8) ?? -1
    }
    while tar[offset] != 0 {
      times.insert(number(136, 11))
      offset += 512 + (number(124, 11) + 511) / 512 * 512
    }
    return times
  }

  @Test(
    arguments: [(DockerArchive(), false), (OCIArchive(), true), (HybridArchive(), true)]
      as [(
        any ImageFormat, Bool
      )])
  func membersHaveTheTimeOfTheOptionsOrNone(format: any ImageFormat, isTimed: Bool) throws {
    let images = try LayoutFixture("hybrid-one-none").images()
    for (time, codec) in [(0, nil), (86400, nil), (86400, StoredCodec(suffix: "gzip"))]
      as [(UInt32, StoredCodec?)]
    {
      var target = OutputTarget(path: Path(folder.at("archive")))
      target.force = true
      var options = FormatOptions(codec: format.compression == .never ? nil : codec)
      options.time = time
      _ = try save(images, as: format, options, to: target)
      #expect(times(try folder.read("archive")) == [isTimed ? Int(time) : 0])
    }
  }

  /// Docker's manifests have no type for zstd.
  @Test func aCompressionWithoutATypeIsRefused() throws {
    let image = makeImage([MemoryLayer.layer([1])], tags: ["localhost/a:1"])
    let target = OutputTarget(path: Path(folder.at("archive")))
    for format in [HybridArchive(), DockerDirectory()] as [any ImageFormat] {
      let failure = #expect(throws: Failure.self) {
        try format.prepare([image], FormatOptions(codec: StoredCodec(suffix: "zstd")), for: target)
      }
      #expect(
        failure
          == Failure(
            .usage, "localhost/a:1",
            "zstd layers need an OCI manifest; use img-manifest --to oci, or --format oci-archive"))
    }
    let images = try LayoutFixture("hybrid-one-none").images()
    for format in [HybridArchive(), OCIArchive()] as [any ImageFormat] {
      _ = try format.prepare(images, FormatOptions(codec: StoredCodec(suffix: "zstd")), for: target)
    }
  }

  /// What loaders show for the images of an output: `loader ID digest`, with the digests that the test names.
  private func loads(_ images: [FormatImage], _ format: any ImageFormat) throws -> [[String]] {
    let target = OutputTarget(path: Path(folder.at(format.name)))
    let output = try save(images, as: format, to: target)
    return zip(images, output.images).map { image, written in
      func name(_ digest: Digest?) -> String {
        switch digest {
        case nil: "-"
        case image.config.digest: "config"
        case image.manifest.digest: "manifest"
        default: "other"
        }
      }
      return written.loads.map { "\($0.loader.rawValue) \(name($0.id)) \(name($0.digest))" }
    }
  }

  /// Known by experiment; img-json(5) has the table.
  @Test func loadersShowImagesByTheirDigests() throws {
    let one = try LayoutFixture("hybrid-one-none").images()
    let ofContainerd = ["docker-containerd manifest manifest", "containerd - manifest"]
    #expect(
      try loads(one, DockerArchive()) == [
        ["podman config other", "docker config -", "docker-containerd other other", "containerd - other"]
      ])
    #expect(try loads(one, OCIArchive()) == [["podman config manifest"] + ofContainerd])
    #expect(try loads(one, OCIDirectory()) == [["podman config manifest"]])
    #expect(try loads(one, DockerDirectory()) == [["podman config manifest"]])
    #expect(
      try loads(one, HybridArchive()) == [["podman config manifest", "docker config -"] + ofContainerd])
  }

  /// podman reads `manifest.json` then, and makes a manifest of its own.
  @Test func severalImagesOfAHybridAreThoseOfTheArchive() throws {
    let several = try LayoutFixture("hybrid-multi-none").images()
    for image in try loads(several, HybridArchive()) {
      #expect(
        image == [
          "podman config other", "docker config -", "docker-containerd manifest manifest",
          "containerd - manifest",
        ])
    }
  }
}
