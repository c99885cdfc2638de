import ImageRecord
import JSON

/// The member `manifest.json` of a docker-archive: config, names and layers of each image.
///
/// Source: moby image-spec v1.2, "Combined Image JSON + Filesystem Changeset Format".
struct ArchiveManifest {
  /// The name of the member.
  static let file = "manifest.json"

  private var items: [Item] = []

  /// A config, its layers, and all tags of the images that have this config.
  private struct Item {
    let config: String
    let layers: [String]
    var tags: [String]
  }

  /// Adds an image with its config and layers in these members; its tags go to the item of its config if there is
  /// one.
  mutating func add(_ image: FormatImage, config: String, layers: [String]) {
    let index =
      items.firstIndex { $0.config == config && $0.layers == layers }
      ?? {
        items.append(Item(config: config, layers: layers, tags: []))
        return items.count - 1
      }()
    for tag in image.tags where !items[index].tags.contains(tag) { items[index].tags.append(tag) }
  }

  /// The bytes of the member.
  var encoded: [UInt8] {
    var json = JSONWriter()
    json.array { json in
      for item in items {
        json.object { json in
          json.key("Config")
          json.string(item.config)
          json.key("RepoTags")
          json.strings(item.tags)
          json.key("Layers")
          json.strings(item.layers)
        }
      }
    }
    return json.bytes
  }
}
