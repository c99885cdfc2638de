import Compression
import Diagnostics
import Digests
import Foundation
import ImageFormats
import ImageManifest
import ImageModel
import ImageSource
import JSON
import StoreFixtures
import Testing

/// An archive that another program wrote, whose images are the input of a test.
struct LayoutFixture {
  private let members: [String: [UInt8]]

  /// Reads a fixture.
  init(_ name: String) throws {
    let url = Bundle.module.bundleURL.appending(path: "Fixtures/\(name).tar.gz")
    let inflater = try Inflater(MemoryBytes(Array(try Data(contentsOf: url))))
    var tar: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try piece.withUnsafeMutableBytes { try inflater.readSome(into: $0) }
      if count == 0 { break }
      tar += piece[..<count]
    }
    members = Dictionary(uniqueKeysWithValues: try tarMembers(of: tar).map { ($0.name, $0.content) })
  }

  /// The names of all members.
  var names: Set<String> { Set(members.keys) }

  /// The content of a member.
  func content(_ name: String) throws -> [UInt8] { try #require(members[name], "\(name)") }

  /// The blob of a descriptor.
  private func blob(_ descriptor: JSONValue?) throws -> Blob {
    let type = try #require(descriptor?["mediaType"]?.string)
    let digest = try #require(descriptor?["digest"]?.string)
    return Blob(mediaType: MediaType(type), bytes: try content("blobs/sha256/\(digest.dropFirst(7))"))
  }

  /// The images of the index, each once with all its names.
  func images() throws -> [FormatImage] {
    let index = try JSONValue(parsing: content("index.json"))
    var images: [(manifest: Blob, tags: [String])] = []
    for entry in try #require(index["manifests"]).elements {
      let manifest = try blob(entry)
      let name = entry["annotations"]?["io.containerd.image.name"]?.string
      if let known = images.firstIndex(where: { $0.manifest == manifest }) {
        images[known].tags += name.map { [$0] } ?? []
      } else {
        images.append((manifest, name.map { [$0] } ?? []))
      }
    }
    return try images.map { manifest, tags in try image(manifest, tags) }
  }

  /// The image of an entry of a list, without names.
  func image(_ entry: Descriptor) throws -> FormatImage {
    try image(Blob(mediaType: entry.mediaType, bytes: content("blobs/sha256/\(entry.digest.hex)")), [])
  }

  private func image(_ manifest: Blob, _ tags: [String]) throws -> FormatImage {
    let value = try JSONValue(parsing: manifest.bytes)
    let layers = try #require(value["layers"]).elements.map { MemoryLayer.layer(try blob($0).bytes) }
    return FormatImage(tags: tags, manifest: manifest, config: try blob(value["config"]), layers: layers)
  }
}
