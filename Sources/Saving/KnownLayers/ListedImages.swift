import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON

extension LayerList {
  /// Adds the images of an archive or a directory by their configs; the layers themselves may be missing.
  mutating func add(_ texts: ImageTexts, _ title: String) throws(Failure) {
    var configs = ImageConfigs(texts)
    let before = count
    if let index = try texts.text("index.json") {
      try configs.add(index: ManifestList.entries(parsing: index), level: 0)
    }
    if let manifest = try texts.text("manifest.json") {
      let first = manifest.first { !isBlank($0) }
      if first == UInt8(ascii: "{") {
        try configs.add(directory: manifest)
      } else {
        try configs.add(archive: manifest)
      }
    }
    for layers in configs.images { known.add(layers: layers) }
    count += configs.images.count
    if count == before { throw .badData("no images in it whose config is there") }
    if configs.missing > 0 {
      notes.append("\(title): \(configs.missing) images without a config are not counted")
    }
  }
}

/// The configs that an archive or a directory of images names.
private struct ImageConfigs {
  /// The most levels of indexes, and the most manifests.
  private static let levelLimit = 4
  private static let manifestLimit = 100_000

  let texts: ImageTexts
  /// The diffIDs of each image.
  private(set) var images: [[Digest]] = []
  /// The number of images whose manifest or config is missing.
  private(set) var missing = 0
  private var seen: Set<Digest> = []
  /// The names of the configs so far: a hostile archive can name one config in each image.
  private var configs: Set<String> = []

  init(_ texts: ImageTexts) {
    self.texts = texts
  }

  /// Adds the images of an OCI index and of those below it; of other platforms, too.
  mutating func add(index entries: [Descriptor], level: Int) throws(Failure) {
    guard level < ImageConfigs.levelLimit else { throw .badData("too many indexes in indexes") }
    for entry in entries where seen.insert(entry.digest).inserted {
      guard seen.count <= ImageConfigs.manifestLimit else { throw .badData("too many manifests") }
      guard let bytes = try blob(entry.digest) else {
        missing += 1
        continue
      }
      if isManifestList(bytes) {
        try add(index: ManifestList.entries(parsing: bytes), level: level + 1)
      } else if let config = try Manifest(parsing: bytes).config {
        guard configs.insert(config.digest.hex).inserted else { continue }
        try add(config: try blob(config.digest))
      }
    }
  }

  /// Adds the images of a docker-archive's `manifest.json`.
  mutating func add(archive bytes: [UInt8]) throws(Failure) {
    for item in try json(bytes, "manifest.json").elements {
      guard let name = item.field("Config")?.string else {
        throw .badData("manifest.json: an image without config")
      }
      guard configs.insert(name).inserted else { continue }
      let config = try texts.text(name)
      // Readers take the name of a config for its digest.
      let last = name.split(separator: "/").last ?? ""
      try check(config, Digest(hex: last.hasSuffix(".json") ? last.dropLast(".json".count) : last))
      try add(config: config)
    }
  }

  /// Adds the image of a docker-dir's `manifest.json`.
  mutating func add(directory bytes: [UInt8]) throws(Failure) {
    guard let config = try Manifest(parsing: bytes).config else { return }
    let text = try texts.text(config.digest.hex)
    try check(text, config.digest)
    try add(config: text)
  }

  /// Adds an image by its config; nil for one that is missing.
  private mutating func add(config bytes: [UInt8]?) throws(Failure) {
    guard let bytes else {
      missing += 1
      return
    }
    // Configs of artifacts name no layers.
    guard let names = try json(bytes, "config").field("rootfs")?.field("diff_ids") else { return }
    let digests = names.elements.map { $0.string.flatMap { Digest($0) } }
    guard !digests.contains(nil) else { throw .badData("a diffID in a config is not a sha256 digest") }
    images.append(digests.compactMap(\.self))
  }

  private func check(_ bytes: [UInt8]?, _ digest: Digest?) throws(Failure) {
    guard let bytes, let digest, SHA256.digest(of: bytes) != digest else { return }
    throw Failure(.badData, "\(digest)", "data does not match the digest")
  }

  private func blob(_ digest: Digest) throws(Failure) -> [UInt8]? {
    let bytes = try texts.text("blobs/sha256/\(digest.hex)")
    try check(bytes, digest)
    return bytes
  }

  private func json(_ bytes: [UInt8], _ name: String) throws(Failure) -> JSONValue {
    do {
      return try JSONValue(parsing: bytes, rules: .lenient)
    } catch {
      throw Failure(.badData, name, "malformed JSON: \(error)")
    }
  }
}
