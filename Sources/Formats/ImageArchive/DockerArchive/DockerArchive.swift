import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON
import Tar

/// The docker-archive format: one tar with layers, configs, `manifest.json`, and the directories of the format's
/// first version, byte for byte as podman writes it.
///
/// Source: containers/image docker/archive; the legacy directories: moby image-spec v1.0.
public enum DockerArchive {
  /// Writes images into one archive; layers and directories they share are written once.
  ///
  /// - Throws: A ``Failure`` of a source or of the target. What a stream has got by then ends inside a member.
  public static func write(
    _ images: [ArchiveImage], to target: ArchiveTarget
  ) throws(Failure) -> WrittenArchive {
    let members = try members(of: images)
    let output = try openOutput(target)
    try PlacedTar(members).write(to: output, threads: target.threads)
    let summary = try output.finish()
    return WrittenArchive(
      output: summary,
      images: images.map { image in
        WrittenImage(
          manifest: nil,
          layers: image.layers.map {
            WrittenLayer(digest: $0.layer.diffID, size: $0.layer.size, isGzip: false)
          })
      })
  }

  /// The archive's members in order.
  static func members(of images: [ArchiveImage]) throws(Failure) -> [TarMember] {
    var members: [TarMember] = []
    var written: Set<String> = []
    var items: [ManifestItem] = []
    var repositories = Repositories()
    for image in images {
      for layer in image.layers where written.insert(layer.layer.diffID.hex).inserted {
        members.append(.file("\(layer.layer.diffID.hex).tar", mode: fileMode, layer))
      }
      let config = "\(image.config.digest.hex).json"
      if written.insert(config).inserted { members.append(.file(config, mode: fileMode, image.config.bytes)) }
      let legacy = try LegacyLayer.chain(of: image)
      for layer in legacy where written.insert("legacy \(layer.id)").inserted { members += layer.members }
      items.add(image)
      if let top = legacy.last { repositories.add(tags: image.tags, layer: top.id) }
    }
    members.append(.file("manifest.json", mode: fileMode, encode(items)))
    members.append(.file("repositories", mode: fileMode, repositories.encoded))
    return members
  }

  /// The mode of every regular member.
  static let fileMode: UInt16 = 0o444

  private static func encode(_ items: [ManifestItem]) -> [UInt8] {
    var json = JSONWriter()
    json.array { json in
      for item in items {
        json.object { json in
          json.key("Config")
          json.string("\(item.config.hex).json")
          json.key("RepoTags")
          json.array { json in
            for tag in item.tags { json.string(tag) }
          }
          json.key("Layers")
          json.array { json in
            for layer in item.layers { json.string("\(layer.hex).tar") }
          }
        }
      }
    }
    return json.bytes
  }
}

/// An entry of manifest.json: a config, its layers, and all tags of the images that have this config.
private struct ManifestItem {
  let config: Digest
  let layers: [Digest]
  var tags: [String]
}

extension [ManifestItem] {
  /// Adds an image, to the entry of its config if there is one.
  fileprivate mutating func add(_ image: ArchiveImage) {
    let layers = image.layers.map(\.layer.diffID)
    let index =
      firstIndex { $0.config == image.config.digest && $0.layers == layers }
      ?? {
        append(ManifestItem(config: image.config.digest, layers: layers, tags: []))
        return count - 1
      }()
    for tag in image.tags where !self[index].tags.contains(tag) { self[index].tags.append(tag) }
  }
}

/// What the member `repositories` says: for each repository and tag the legacy ID of the top layer.
private struct Repositories {
  private var layers: [String: [String: String]] = [:]

  mutating func add(tags: [String], layer: String) {
    for tag in tags {
      guard let colon = tag.lastIndex(of: ":") else { continue }
      layers[String(tag[..<colon]), default: [:]][String(tag[tag.index(after: colon)...])] = layer
    }
  }

  var encoded: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      for (name, tags) in layers.sortedByBytes {
        json.key(name)
        json.object { json in
          for (tag, layer) in tags.sortedByBytes {
            json.key(tag)
            json.string(layer)
          }
        }
      }
    }
    return json.bytes
  }
}

extension Dictionary where Key == String {
  /// The pairs in the order of their keys' bytes, as Go sorts a map.
  fileprivate var sortedByBytes: [(key: String, value: Value)] {
    sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }
}
