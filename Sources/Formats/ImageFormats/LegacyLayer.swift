import Diagnostics
import Digests
import ImageModel
import ImageSource
import JSON

/// A directory of the docker-archive format's first version: one layer as a separate image.
///
/// Source: containers/image docker/internal/tarfile, writer.go.
struct LegacyLayer {
  /// The directory's name: the SHA-256 of its description.
  let id: String
  /// The description, the member `json`.
  private let json: [UInt8]
  /// The layer's tar.
  private let layer: Digest

  /// The directory's members.
  var entries: [Entry] {
    [
      .link("\(id)/layer.tar", target: "../\(layer.hex).tar"), .file("\(id)/VERSION", Array("1.0".utf8)),
      .file("\(id)/json", json),
    ]
  }

  /// The directories of an image, the base layer's first.
  static func chain(of image: FormatImage) throws(Failure) -> [LegacyLayer] {
    var result: [LegacyLayer] = []
    let chain = chainIDs(of: image.layers.map(\.layer.diffID))
    for (index, layer) in image.layers.enumerated() {
      let diffID = layer.layer.diffID
      let isTop = index == image.layers.count - 1
      var description = Description(parent: result.last?.id)
      if isTop { try description.addFields(ofConfig: image.config.bytes) }
      let id = SHA256.digest(of: description.encoded(with: "layer_id", chain[index].description)).hex
      result.append(LegacyLayer(id: id, json: description.encoded(with: "id", id), layer: diffID))
    }
    return result
  }
}

/// The members of a layer's description, encoded in byte order of their names.
private struct Description {
  private let parent: String?
  private var fields: [(key: String, value: JSONValue?)] = []

  init(parent: String?) {
    self.parent = parent
  }

  /// Adds the top layer's members, copied from the image's config without change.
  mutating func addFields(ofConfig bytes: [UInt8]) throws(Failure) {
    do {
      let config = try JSONValue(parsing: bytes, rules: .lenient)
      guard config.kind == .object else { throw JSONError(offset: 0, reason: "expected an object") }
      fields = [
        ("architecture", config["architecture"]), ("config", config["config"]),
        ("container", config["container"]),
        ("container_config", config["container_config"]), ("created", config["created"]),
        ("docker_version", config["docker_version"]), ("os", config["os"]),
      ]
    } catch {
      throw Failure(.badData, "config", "\(error)")
    }
  }

  func encoded(with key: String, _ text: String) -> [UInt8] {
    var entries = fields
    entries.append((key, nil))
    if parent != nil { entries.append(("parent", nil)) }
    entries.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    var json = JSONWriter()
    json.object { json in
      for entry in entries {
        json.key(entry.key)
        if entry.key == key {
          json.string(text)
        } else if entry.key == "parent", let parent {
          json.string(parent)
        } else if let value = entry.value {
          json.raw(value)
        } else {
          json.null()
        }
      }
    }
    return json.bytes
  }
}
