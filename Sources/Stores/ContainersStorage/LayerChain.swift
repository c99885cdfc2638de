import Diagnostics
import Digests
import ImageModel

/// A layer of an image in a store.
public struct StoredLayer: Hashable, Sendable {
  /// The ID by which the store knows the layer.
  public let id: StorageID
  /// What the store delivers for it: the uncompressed tar.
  public let layer: Layer

  /// Joins a layer with its place in the store.
  public init(id: StorageID, layer: Layer) {
    self.id = id
    self.layer = layer
  }
}

/// The layers of a store, for following an image's chain from its top layer to the base.
public struct LayerTable: Sendable {
  private let layers: [StorageID: LayerEntry]
  private let location: StoreLocation

  /// Decodes the layer records of a snapshot.
  public init(of snapshot: StoreSnapshot) throws(Failure) {
    layers = try snapshot.layers()
    location = snapshot.location
  }

  /// The layers from the base to a top layer; none if there is no top layer.
  ///
  /// A layer that the store does not know, or a chain that leads back into itself, is a failure.
  public func chain(to top: String?) throws(Failure) -> [StoredLayer] {
    var chain: [StoredLayer] = []
    var next = top
    var seen: Set<StorageID> = []
    while let name = next {
      guard let id = StorageID(name), let entry = layers[id] else {
        throw Failure(.badData, "layer \(name)", "layer not known")
      }
      guard seen.insert(id).inserted else {
        throw entry.damaged("parent chain is a cycle")
      }
      try entry.validate()
      let diffID = try entry.diffID()
      let recorded = try entry.size()
      let size = if let recorded { recorded } else { try LayerReader.measure(id, in: location) }
      chain.append(StoredLayer(id: id, layer: Layer(diffID: diffID, size: size)))
      next = entry.parent
    }
    return chain.reversed()
  }
}
