import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource
import JSON

/// The docker-archive format: a tar with layers, configs, `manifest.json` and legacy directories.
///
/// The bytes equal those of podman. Legacy directories are those of the format's first version.
/// Source: containers/image docker/archive; the legacy directories: moby image-spec v1.0.
public struct DockerArchive: ImageFormat {
  /// The format.
  public init() {}

  /// `docker-archive`.
  public var name: String { "docker-archive" }
  /// Docker manifests.
  public var family: ManifestFamily { .docker }
  /// A tar of read-only files.
  public var container: Container { .archive(TarStyle(fileMode: 0o444)) }
  /// Any number of images.
  public var holdsSeveralImages: Bool { true }
  /// Names in `manifest.json` and `repositories`.
  public var holdsNames: Bool { true }
  /// True: loaders match the layers of `manifest.json` with the config.
  public var needsDiffIDs: Bool { true }
  /// Plain layers always.
  public var compression: FormatCompression { .never }

  /// Layers, configs and legacy directories, each once, then `manifest.json` and `repositories`.
  public func entries(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry] {
    var entries: [Entry] = []
    var written: Set<String> = []
    var items: [ManifestItem] = []
    var repositories = Repositories()
    for image in images {
      for layer in image.layers where !layer.isAbsent && written.insert(layer.layer.diffID.hex).inserted {
        entries.append(.layer(layer) { digest in "\(digest.hex).tar" })
      }
      let config = "\(image.config.digest.hex).json"
      if written.insert(config).inserted { entries.append(.file(config, image.config.bytes)) }
      let legacy = try LegacyLayer.chain(of: image)
      for layer in legacy where written.insert("legacy \(layer.id)").inserted { entries += layer.entries }
      items.add(image)
      if let top = legacy.last { repositories.add(tags: image.tags, layer: top.id) }
    }
    entries.append(.file("manifest.json", DockerArchive.encode(items)))
    entries.append(.file("repositories", repositories.encoded))
    return entries
  }

  /// Nil: the archive has no registry manifests.
  public func manifest(of image: FormatImage, layers: [WrittenLayer]) -> Blob? { nil }

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
  fileprivate mutating func add(_ image: FormatImage) {
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

/// The member `repositories`: the legacy ID of the top layer for each repository and tag.
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
  /// The pairs ordered by the bytes of their keys, as Go sorts a map.
  fileprivate var sortedByBytes: [(key: String, value: Value)] {
    sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }
}
