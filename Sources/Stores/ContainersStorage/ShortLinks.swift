import Diagnostics
import POSIX

/// The short links by which overlay layers name lower layers: `l/…`, symbolic links to `../<id>/diff`.
///
/// A missing link is replaced as in the driver's repair: each layer's file `link` holds the name of its own
/// link. Nothing is written.
/// Source: containers/storage drivers/overlay, recreateSymlinks.
struct ShortLinks {
  private let location: StoreLocation
  /// The layers by the names of their links, for missing links; read once.
  private var layers: [Path: StorageID]?

  init(of location: StoreLocation) {
    self.location = location
  }

  /// The layer that a link leads to; nil if unknown.
  mutating func layer(of link: Path) throws(Failure) -> StorageID? {
    for root in location.layerRoots {
      if let target = try location.contents(in: root).appending(link).layerLink(),
        let id = ShortLinks.layer(ofTarget: target)
      {
        return id
      }
    }
    guard link.parent == "l" else { return nil }
    if let layers { return layers[link.lastComponent] }
    let layers = try readLayers()
    self.layers = layers
    return layers[link.lastComponent]
  }

  /// The layer in `../<id>/diff`.
  private static func layer(ofTarget target: Path) -> StorageID? {
    let components = target.bytes.split(separator: 0x2F)
    guard components.count == 3, components[0].elementsEqual("..".utf8) else { return nil }
    return StorageID(String(decoding: components[1], as: UTF8.self))
  }

  private func readLayers() throws(Failure) -> [Path: StorageID] {
    var layers: [Path: StorageID] = [:]
    for root in location.layerRoots {
      let contents = location.contents(in: root)
      let names = try ifAvailable { () throws(Failure) in
        try converting({ $0.layerFailure(at: contents) }) { () throws(SystemError) in
          try contents.directoryEntries()
        }
      }
      for name in names ?? [] {
        guard let id = StorageID(String(decoding: name.bytes, as: UTF8.self)) else { continue }
        let file = contents.appending(name).appending("link")
        guard let text = try ifAvailable({ () throws(Failure) in try file.layerContents(limit: 256) })
        else { continue }
        let link = Path(text.prefix { $0 != 0x0A })
        if layers[link] == nil { layers[link] = id }
      }
    }
    return layers
  }
}
