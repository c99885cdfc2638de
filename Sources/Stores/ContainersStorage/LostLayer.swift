import Diagnostics
import POSIX

extension StoreSnapshot {
  /// Reads something of a layer; a failure says so if the layer was removed meanwhile.
  ///
  /// Images can be removed while others are saved. The remover marks the layer's record as incomplete, deletes
  /// the files, then the record. So the current records distinguish a removed layer from a damaged one. They
  /// are replaced as whole files and need no lock here.
  /// Source: containers/storage layers.go, deleteInternal.
  static func explaining<Value: ~Copyable>(
    _ id: StorageID, in location: StoreLocation, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    do throws(Failure) {
      return try body()
    } catch {
      guard error.kind == .badData || error.kind == .inputOutput else { throw error }
      throw try hasLost(id, in: location) ? removed(id) : error
    }
  }

  /// The failure of a layer that was removed while it was read.
  static func removed(_ id: StorageID) -> Failure {
    Failure(.tryAgain, "layer \(id.short)", "image was changed or removed while it was being read")
  }

  /// Whether the store has no complete layer of this ID now; false too if it has no records at all.
  ///
  /// Ignores damaged records; fails if the system cannot read them.
  static func hasLost(_ id: StorageID, in location: StoreLocation) throws(Failure) -> Bool {
    var hasRecords = false
    for root in location.layerRoots {
      for name in layerFileNames {
        let path = location.layers(in: root).appending(name)
        guard let file = try ifAvailable({ () throws(Failure) in try read(path) }),
          let records = try? records(of: file)
        else { continue }
        hasRecords = true
        for record in records {
          let entry = LayerEntry(record: record, file: file.path)
          if entry.id == id { return entry.isIncomplete }
        }
      }
    }
    return hasRecords
  }
}
