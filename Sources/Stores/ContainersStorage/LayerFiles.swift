import Diagnostics
import Glibc
import POSIX

/// The files of one layer by the names that tar-split records; usable from any thread.
final class LayerFiles: Sendable {
  private let id: StorageID
  private let location: StoreLocation
  private let tarSplit: Path
  private let directories: LayerDirectories

  /// Opens the directory of a layer whose tar-split file is known.
  init(of id: StorageID, in location: StoreLocation, tarSplit: Path) throws(Failure) {
    directories = try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      try LayerDirectories(of: id, in: location)
    }
    self.id = id
    self.location = location
    self.tarSplit = tarSplit
  }

  /// Opens a file and checks that it is what was recorded: a regular file of this size in bytes.
  func open(_ recorded: [UInt8], size: UInt64) throws(Failure) -> FileDescriptor {
    let name = Path.cleaned(belowRoot: recorded)
    guard !name.isEmpty else { throw damaged(file: recorded, "a file without a name has contents") }
    do {
      let file = try open(cleaned: name)
      let status = try file.status("")
      guard status.kind == .regular else { throw damaged(file: name, "not a regular file") }
      guard status.size == size else {
        throw damaged(file: name, "\(status.size) bytes long, \(size) were recorded")
      }
      return file
    } catch let error as SystemError {
      throw damaged(file: name, error)
    } catch let error as Failure {
      throw error
    } catch {
      throw damaged(file: name, "\(error)")
    }
  }

  /// Refuses a file that this process may not open; any other fault is left to who reads it.
  func checkReadable(_ recorded: [UInt8]) throws(Failure) {
    let name = Path.cleaned(belowRoot: recorded)
    do {
      _ = try open(cleaned: name)
    } catch {
      if error.isPermission { throw damaged(file: name, error) }
    }
  }

  private func open(cleaned name: [UInt8]) throws(SystemError) -> FileDescriptor {
    var terminated: [CChar] = []
    terminated.reserveCapacity(name.count + 1)
    for byte in name { terminated.append(CChar(bitPattern: byte)) }
    terminated.append(0)
    return try directories.open(terminated)
  }

  /// The failure of a file that could not be opened or read.
  func damaged(file name: [UInt8], _ error: SystemError) -> Failure {
    if error.isPermission { return error.layerFailure(at: directories.path(of: name)) }
    if error.isNotFound, !tarSplit.exists || StoreSnapshot.hasLost(id, in: location) {
      return StoreSnapshot.removed(id)
    }
    return damaged(file: name, error.reason)
  }

  /// The failure of a file that is not what was recorded.
  func damaged(file name: [UInt8], _ reason: String) -> Failure {
    Failure(.badData, "layer \(id.short)", "file \"\(printable(bytes: name))\": \(reason)")
  }
}
