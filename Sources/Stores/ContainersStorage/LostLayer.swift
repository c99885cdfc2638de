import Diagnostics
import POSIX

extension StoreSnapshot {
  /// Reads something of a layer; if that fails because the layer was removed meanwhile, the failure says so.
  ///
  /// Images are removed while others are saved. Who removes a layer marks its record as incomplete, deletes its files,
  /// then its record; so the records of this moment tell a removed layer from a damaged one. They are replaced as
  /// whole files, which needs no lock here. Source: containers/storage layers.go, deleteInternal.
  static func explaining<Value: ~Copyable>(
    _ id: StorageID, in location: StoreLocation, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    do throws(Failure) {
      return try body()
    } catch {
      let isSuspicious = error.kind == .badData || error.kind == .inputOutput
      throw isSuspicious && hasLost(id, in: location) ? removed(id) : error
    }
  }

  /// The failure of a layer that was removed while it was read.
  static func removed(_ id: StorageID) -> Failure {
    Failure(.tryAgain, "layer \(id.short)", "image was changed or removed while it was being read")
  }

  /// Whether the store has no whole layer of this ID now; false as well if it has no records at all.
  static func hasLost(_ id: StorageID, in location: StoreLocation) -> Bool {
    var hasRecords = false
    for root in location.layerRoots {
      for name in layerFileNames {
        guard let file = try? read(location.layers(in: root).appending(name)),
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
