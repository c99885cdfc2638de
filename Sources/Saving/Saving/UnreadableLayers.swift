import ContainersStorage
import Diagnostics
import ImageRecord
import NameLookup
import POSIX

extension SaveSelection {
  /// Refuses layers of which this process may not read every file, before anything is written.
  ///
  /// Only a process without the privilege to read every file looks for such; each layer is looked through once.
  func refuseUnreadableLayers() throws(Failure) {
    if Privileges.readsEveryFile { return }
    var seen: Set<StorageID> = []
    for record in records {
      let location = try record.storage.location()
      for layer in record.layers {
        guard let id = StorageID(layer.storageLayer), seen.insert(id).inserted else { continue }
        do throws(Failure) {
          try LayerReader.checkReadable(id, in: location)
        } catch {
          throw error.within(record.title)
        }
      }
    }
  }
}
