import Diagnostics
import POSIX

extension LayerReader {
  /// Refuses a layer of which this process may not read every file; any other fault is left to who reads it.
  ///
  /// Opens each file of the layer once. For stores of other users and rootless stores, whose files belong to
  /// subordinate IDs; a process that may read every file (``Privileges/readsEveryFile``) has no use for it.
  public static func checkReadable(_ id: StorageID, in location: StoreLocation) throws(Failure) {
    do throws(Failure) {
      if try AdditionalLayer.open(id, in: location) != nil { return }
      var reader = try LayerReader(id, in: location)
      while let record = try reader.records.next() {
        guard case .file(let size, _) = record, size > 0, reader.records.lastHeaderHasBody else { continue }
        try reader.files.checkReadable(reader.records.name)
      }
    } catch {
      if error.kind == .noPermission { throw error }
    }
  }
}
