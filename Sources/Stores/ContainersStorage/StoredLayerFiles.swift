import Diagnostics
import POSIX
import TarSplit

/// The files of one layer of a store.
final class StoredLayerFiles: LayerFiles {
  private let id: StorageID
  private let location: StoreLocation
  private let tarSplit: Path
  private let directories: LayerDirectories

  /// Opens the directory of a layer.
  init(of id: StorageID, in location: StoreLocation, tarSplit: Path) throws(Failure) {
    directories = try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      try LayerDirectories(of: id, in: location)
    }
    self.id = id
    self.location = location
    self.tarSplit = tarSplit
  }

  func open(_ recorded: [UInt8], size: UInt64) throws(Failure) -> FileDescriptor {
    let name = Path.cleaned(belowRoot: recorded)
    guard !name.isEmpty else { throw failure(recorded, "content of a file without a name") }
    let file = try reporting(name) { () throws(SystemError) in try open(cleaned: name) }
    let status = try reporting(name) { () throws(SystemError) in try file.status("") }
    guard status.kind == .regular else { throw failure(name, "not a regular file") }
    guard status.size == size else { throw failure(name, "size is \(status.size) bytes, \(size) recorded") }
    return file
  }

  /// Turns the error of a system call into the failure of a file.
  private func reporting<Value: ~Copyable>(
    _ name: [UInt8], _ body: () throws(SystemError) -> Value
  ) throws(Failure) -> Value {
    do {
      return try body()
    } catch {
      throw failure(name, error)
    }
  }

  func checkReadable(_ recorded: [UInt8]) throws(Failure) {
    let name = Path.cleaned(belowRoot: recorded)
    do {
      _ = try open(cleaned: name)
    } catch {
      if error.isPermission { throw failure(name, error) }
    }
  }

  func damaged(file recorded: [UInt8], _ error: SystemError) -> Failure {
    failure(Path.cleaned(belowRoot: recorded), error)
  }

  func damaged(file recorded: [UInt8], _ reason: String) -> Failure {
    failure(Path.cleaned(belowRoot: recorded), reason)
  }

  private func open(cleaned name: [UInt8]) throws(SystemError) -> FileDescriptor {
    var terminated: [CChar] = []
    terminated.reserveCapacity(name.count + 1)
    for byte in name { terminated.append(CChar(bitPattern: byte)) }
    terminated.append(0)
    return try directories.open(terminated)
  }

  private func failure(_ name: [UInt8], _ error: SystemError) -> Failure {
    if error.isPermission { return error.layerFailure(at: directories.path(of: name)) }
    if error.isNotFound, !tarSplit.exists || StoreSnapshot.hasLost(id, in: location) {
      return StoreSnapshot.removed(id)
    }
    return failure(name, error.reason)
  }

  private func failure(_ name: [UInt8], _ reason: String) -> Failure {
    Failure(.badData, "layer \(id.short)", "file \"\(printable(bytes: name))\": \(reason)")
  }
}
