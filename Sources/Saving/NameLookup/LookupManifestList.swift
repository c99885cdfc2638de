import ImageModel
import JSON

/// A manifest list or image index, as far as choosing an instance needs it.
struct ManifestList {
  /// A manifest in the list.
  struct Instance {
    /// The digest as it is written.
    var digest: String
    /// The platform; nil in an index for an entry that is good for any.
    var platform: Platform?
    /// Whether its layers are compressed with zstd, as its annotation says.
    var isZstd: Bool
  }

  let mediaType: MediaType
  let instances: [Instance]

  /// Reads a list; a manifest of any other type is an error.
  init(parsing bytes: [UInt8]) throws(JSONError) {
    let value = try JSONValue(parsing: bytes, rules: .lenient)
    guard let type = guessedMediaType(of: value), type == .ociIndex || type == .dockerManifestList else {
      throw JSONError(offset: 0, reason: "not a manifest list")
    }
    // A text that is a list to one reader and an image to another would be chosen from by one and run by the other.
    let ambiguous = [
      value.field("config"), value.field("fsLayers"), value.field("history"), value.field("layers"),
    ]
    if ambiguous.contains(where: { $0?.isNull == false }) {
      throw JSONError(offset: 0, reason: "rejecting ambiguous manifest: a list with the members of an image")
    }
    mediaType = type
    var instances: [Instance] = []
    for entry in try manifests(of: value) {
      instances.append(try Instance(entry, of: type))
    }
    self.instances = instances
  }

  /// What the list is called in messages.
  var name: String { mediaType == .ociIndex ? "image index" : "manifest list" }

  /// The digest of the manifest for the first wanted platform that the list has; nil if it has none of them.
  ///
  /// Of an index: an entry without a platform comes behind all others; of entries for one platform, one that is
  /// compressed with zstd comes first. Source: containers/image internal/manifest, oci_index.go and
  /// docker_schema2_list.go.
  func instance(for wanted: [Platform]) -> String? {
    var best: (rank: Int, digest: String)?
    for instance in instances {
      var rank = wanted.count
      if let platform = instance.platform {
        guard let index = wanted.firstIndex(of: platform) else { continue }
        rank = index
      }
      rank = 2 * rank + (instance.isZstd ? 0 : 1)
      if let best, best.rank <= rank { continue }
      best = (rank, instance.digest)
    }
    return best?.digest
  }
}

extension ManifestList.Instance {
  fileprivate init(_ entry: JSONValue, of type: MediaType) throws(JSONError) {
    digest = try text(entry.field("digest"))
    let platform = entry.field("platform").flatMap { $0.isNull ? nil : $0 }
    if platform != nil || type == .dockerManifestList {
      self.platform = Platform(
        os: try text(platform?.field("os")), architecture: try text(platform?.field("architecture")),
        variant: try text(platform?.field("variant")))
    } else {
      self.platform = nil
    }
    let zstd = entry.field("annotations")?["io.github.containers.compression.zstd"]
    isZstd = type == .ociIndex && zstd?.isString("true") == true
  }
}

/// Whether a manifest is a list of others; a text that is no manifest is not.
func isManifestList(_ bytes: [UInt8]) -> Bool {
  guard let value = try? JSONValue(parsing: bytes, rules: .lenient) else { return false }
  let type = guessedMediaType(of: value)
  return type == .ociIndex || type == .dockerManifestList
}

/// The media type of a manifest; nil if there is none to be recognised.
///
/// Source: containers/image internal/manifest, GuessMIMEType.
func guessedMediaType(of manifest: JSONValue) -> MediaType? {
  guard manifest.kind == .object, let declared = try? text(manifest.field("mediaType")),
    let version = schemaVersion(of: manifest)
  else { return nil }
  let type = MediaType(declared)
  if [.dockerManifest, .dockerManifestList, .ociManifest, .ociIndex].contains(type) { return type }
  if version == 1 {
    let isSigned = manifest.field("signatures").map { !$0.isNull } ?? false
    return isSigned ? .dockerSchema1Signed : .dockerSchema1
  }
  guard version == 2, let config = try? text(manifest.field("config")?.field("mediaType")) else { return nil }
  if config == MediaType.ociConfig.description { return .ociManifest }
  if config == MediaType.dockerConfig.description { return .dockerManifest }
  guard let entries = try? manifests(of: manifest) else { return nil }
  var contents = entries.makeIterator()
  if contents.next() == nil { return .ociManifest }
  return config.isEmpty ? .ociIndex : MediaType(config)
}

/// The number in `schemaVersion`, 0 without it; nil for anything that is no whole number.
private func schemaVersion(of manifest: JSONValue) -> Int64? {
  guard let value = manifest.field("schemaVersion"), !value.isNull else { return 0 }
  return value.int64
}

/// The entries of a list, none without them.
private func manifests(of list: JSONValue) throws(JSONError) -> [JSONValue] {
  guard let value = list.field("manifests"), !value.isNull else { return [] }
  let entries = Array(value.elements)
  guard value.kind == .array, entries.allSatisfy({ $0.kind == .object || $0.isNull }) else {
    throw JSONError(offset: value.offset, reason: "manifests: not an array of objects")
  }
  return entries
}

/// A text, empty where there is none; any other kind of value is an error.
private func text(_ value: JSONValue?) throws(JSONError) -> String {
  guard let value, !value.isNull else { return "" }
  guard let text = value.string else { throw JSONError(offset: value.offset, reason: "expected a string") }
  return text
}
