import Digests
import Foundation

/// Builds a containers-storage directory: adding layers and images writes files, ``write()`` writes records.
///
/// Writes what a reader needs, in the layout of containers/storage; needs neither podman nor root. Records can
/// be changed until ``write()``, to make damaged stores: `store.layers[0]["diff-size"] = "-1"`.
public struct StoreBuilder {
  /// The storage driver, which decides the layout.
  public enum Driver: String, Sendable, CaseIterable {
    /// Each layer's own files in `overlay/<id>/diff`.
    case overlay
    /// The whole tree up to a layer in `vfs/dir/<id>`.
    case vfs
    /// The whole tree up to a layer in `btrfs/subvolumes/<id>`; a directory here, a subvolume in real stores.
    case btrfs

    /// The parent of the layers' own directories.
    var home: String {
      switch self {
      case .overlay: "overlay"
      case .vfs: "vfs/dir"
      case .btrfs: "btrfs/subvolumes"
      }
    }
  }

  /// The graph root.
  public let root: String
  /// The storage driver.
  public let driver: Driver
  /// The records of layers.json in order of creation; values are JSON texts.
  public var layers: [RawObject] = []
  /// The records of images.json in order of creation; values are JSON texts.
  public var images: [RawObject] = []

  private var chains: [String: [LayerTar]] = [:]

  /// Starts a store in a directory, which is made if missing.
  public init(root: String, driver: Driver = .overlay) throws {
    self.root = root
    self.driver = driver
    try makeDirectories(root)
    let home = driver == .overlay ? "overlay/l" : driver.home
    for folder in [home, "\(driver)-images", "\(driver)-layers"] { try makeDirectories(path(folder)) }
  }

  /// Adds a layer on a parent, unless it exists, and returns its ID.
  ///
  /// The ID is that of c/image's storage destination. The record names an uncompressed source.
  @discardableResult
  public mutating func addLayer(
    _ tar: LayerTar, parent: String? = nil, changes: KeyValuePairs<String, String?> = [:]
  ) throws -> String {
    let id = layerID(of: tar, parent: parent)
    if chains[id] != nil { return id }
    let below = parent.flatMap { chains[$0] } ?? []
    chains[id] = below + [tar]
    switch driver {
    case .overlay: try writeOverlayLayer(tar, id: id, parent: parent)
    case .vfs, .btrfs: try writeTree(below + [tar], id: id)
    }
    try write(gzipped(tar.tarSplit), to: tarSplitPath(ofLayer: id))
    let digest = quoted(tar.diffID.description)
    let size = tar.bytes.isEmpty ? nil : String(tar.bytes.count)
    var record = RawObject([
      "id": quoted(id), "parent": parent.map(quoted), "created": created,
      "compressed-diff-digest": digest, "compressed-size": size, "diff-digest": digest, "diff-size": size,
    ])
    record.merge(changes)
    layers.append(record)
    return id
  }

  /// Adds a chain of layers, base first, and returns the top layer's ID; nil for no layers.
  @discardableResult
  public mutating func addLayers(_ tars: [LayerTar]) throws -> String? {
    try tars.reduce(nil) { parent, tar in try addLayer(tar, parent: parent) }
  }

  /// Adds an image of exactly these bytes and returns its ID, by default the config's digest.
  ///
  /// Manifest lists have no config and no layer. `items` are further big data items.
  @discardableResult
  public mutating func addImage(
    id: String? = nil, config: [UInt8]?, manifest: [UInt8], names: [String], topLayer: String?,
    items: [BigDataItem] = [], changes: KeyValuePairs<String, String?> = [:]
  ) throws -> String {
    let id = id ?? SHA256.digest(of: config ?? manifest).hex
    let manifestDigest = SHA256.digest(of: manifest)
    let items =
      [BigDataItem("manifest", manifest), BigDataItem("manifest-\(manifestDigest)", manifest)]
      + (config.map { [BigDataItem(SHA256.digest(of: $0).description, $0)] } ?? []) + items
    for item in items { try write(item.bytes, to: bigDataPath(ofImage: id, key: item.key)) }
    var record = RawObject([
      "id": quoted(id), "digest": quoted(manifestDigest.description),
      "names": names.isEmpty ? nil : array(names.map(quoted)),
      "layer": topLayer.map(quoted), "metadata": quoted("{}"),
      "big-data-names": array(items.map { quoted($0.key) }),
      "big-data-sizes": "{" + items.map { "\(quoted($0.key)):\($0.bytes.count)" }.joined(separator: ",") + "}",
      "big-data-digests": "{" + items.map(\.digestMember).joined(separator: ",") + "}",
      "created": created,
    ])
    record.merge(changes)
    images.append(record)
    return id
  }

  /// Adds an image with its layers; makes config and manifest unless their bytes are given.
  @discardableResult
  public mutating func addImage(
    _ names: String..., layers tars: [LayerTar], format: ManifestFormat = .oci,
    config: [UInt8]? = nil, manifest: [UInt8]? = nil
  ) throws -> String {
    let top = try addLayers(tars)
    let config = config ?? makeConfig(layers: tars)
    let manifest = manifest ?? makeManifest(config: config, layers: tars, format: format)
    return try addImage(config: config, manifest: manifest, names: names, topLayer: top)
  }

  /// Writes images.json, layers.json and empty lock files; may be called again after changes.
  public func write() throws {
    for (kind, records) in [("images", images), ("layers", layers)] {
      let folder = "\(driver)-\(kind)/"
      try write(Array(array(records.map(\.text)).utf8), to: path(folder + kind + ".json"))
      try write([], to: path(folder + kind + ".lock"))
    }
  }

  func path(_ relative: String) -> String { root + "/" + relative }

  func write(_ bytes: [UInt8], to path: String) throws {
    try makeDirectories((path as NSString).deletingLastPathComponent)
    try Disk.write(bytes, to: Array(path.utf8))
  }

  func makeDirectories(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
}
