import Digests
import ImageModel
import ImageRecord

extension ImageRecord {
  /// The record with all layers marked as absent that a receiver has.
  public func leavingOut(_ known: KnownLayers) -> (record: ImageRecord, prefix: KnownLayers.Prefix) {
    let prefix = known.prefix(of: layers.map(\.layer.diffID))
    var record = self
    for index in 0..<prefix.count { record.layers[index].isAbsent = true }
    return (record, prefix)
  }
}
