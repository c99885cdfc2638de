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
  public var family: ManifestFamily? { .docker }
  /// A tar of read-only files.
  public var container: Container { .archive(TarStyle(fileMode: 0o444)) }
  /// Any number of images.
  public var severalImages: SeveralImages { .always }
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
    var manifest = ArchiveManifest()
    var repositories = Repositories()
    for image in images {
      for layer in image.layers where !layer.isAbsent && written.insert(layer.layer.diffID.hex).inserted {
        entries.append(.layer(layer, named: layerFile))
      }
      let config = "\(image.config.digest.hex).json"
      if written.insert(config).inserted { entries.append(.file(config, image.config.bytes)) }
      let legacy = try LegacyLayer.chain(of: image)
      for layer in legacy where written.insert("legacy \(layer.id)").inserted { entries += layer.entries }
      manifest.add(image, config: config, layers: image.layers.map { layerFile(of: $0.layer.diffID) })
      if let top = legacy.last { repositories.add(tags: image.tags, layer: top.id) }
    }
    entries.append(.file(ArchiveManifest.file, manifest.encoded))
    entries.append(.file("repositories", repositories.encoded))
    return entries
  }

  /// Nil: the archive has no registry manifests.
  public func manifest(of image: FormatImage, layers: [WrittenLayer]) -> Blob? { nil }

  /// Every loader makes a manifest.
  public func loads(_ image: FormatImage, _ manifest: Blob?, isAlone: Bool) -> [LoadedImage] {
    let layers = image.layers.map(\.layer)
    let imported = try? manifestImportedByContainerd(config: image.config.bytes, layers: layers)
    return .podmanFromArchive(image) + .docker(image) + .containerd(imported?.digest)
  }
}

/// The member of a layer.
@Sendable private func layerFile(of digest: Digest) -> String { "\(digest.hex).tar" }

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
