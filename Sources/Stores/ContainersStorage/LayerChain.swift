import Diagnostics
import Digests
import ImageModel

/// The layers of a store, to follow an image's chain from its top layer to the base.
public struct LayerTable: Sendable {
  private let layers: [StorageID: LayerEntry]
  private let location: StoreLocation

  /// Decodes the layer records of a snapshot.
  public init(of snapshot: StoreSnapshot) throws(Failure) {
    layers = try snapshot.layers()
    location = snapshot.location
  }

  /// The layers from the base to a top layer; empty if there is no top layer.
  ///
  /// Fails if a layer is missing from the store or the chain is a cycle.
  public func chain(to top: String?) throws(Failure) -> [(id: StorageID, layer: Layer)] {
    var chain: [(id: StorageID, layer: Layer)] = []
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
      let size = if let recorded { recorded } else { try StoredLayer(id, in: location).measure() }
      chain.append((id, Layer(diffID: diffID, size: size)))
      next = entry.parent
    }
    return chain.reversed()
  }
}
