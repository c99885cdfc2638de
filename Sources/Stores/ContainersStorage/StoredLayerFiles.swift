import Diagnostics
import POSIX
import TarSplit

/// The files of one layer of a store.
final class StoredLayerFiles: LayerFiles {
  private let id: StorageID
  private let location: StoreLocation
  private let directories: LayerDirectories

  /// Opens the directory of a layer.
  init(of id: StorageID, in location: StoreLocation) throws(Failure) {
    directories = try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      try LayerDirectories(of: id, in: location)
    }
    self.id = id
    self.location = location
  }

  func open(_ recorded: [UInt8], size: UInt64) throws(Failure) -> FileDescriptor {
    let name = Path.cleaned(belowRoot: recorded)
    guard !name.isEmpty else { throw failure(recorded, "content of a file without a name") }
    let file: FileDescriptor
    do {
      file = try open(cleaned: name)
    } catch {
      throw failure(name, error)
    }
    let status: FileStatus
    do {
      status = try file.status("")
    } catch {
      throw failure(name, error)
    }
    guard status.kind == .regular else { throw failure(name, "not a regular file") }
    guard status.size == size else { throw failure(name, "size is \(status.size) bytes, \(size) recorded") }
    return file
  }

  func checkReadable(_ recorded: [UInt8]) throws(Failure) {
    let name = Path.cleaned(belowRoot: recorded)
    do {
      _ = try open(cleaned: name)
    } catch {
      if case .file(let error) = error, error.isWrongFile { return }
      throw failure(name, error)
    }
  }

  func damaged(file recorded: [UInt8], _ error: SystemError) -> Failure {
    failure(Path.cleaned(belowRoot: recorded), error)
  }

  func damaged(file recorded: [UInt8], _ reason: String) -> Failure {
    failure(Path.cleaned(belowRoot: recorded), reason)
  }

  private func open(cleaned name: [UInt8]) throws(LayerFileError) -> FileDescriptor {
    var terminated: [CChar] = []
    terminated.reserveCapacity(name.count + 1)
    for byte in name { terminated.append(CChar(bitPattern: byte)) }
    terminated.append(0)
    return try directories.open(terminated)
  }

  private func failure(_ name: [UInt8], _ error: LayerFileError) -> Failure {
    switch error {
    case .file(let error): failure(name, error)
    case .directory(let failure): failure
    }
  }

  private func failure(_ name: [UInt8], _ error: SystemError) -> Failure {
    guard error.isWrongFile else { return error.layerFailure(at: directories.path(of: name)) }
    guard error.isNotFound else { return failure(name, error.reason) }
    do throws(Failure) {
      guard try location.hasTarSplit(of: id) else { return StoreSnapshot.removed(id) }
      return try StoreSnapshot.hasLost(id, in: location)
        ? StoreSnapshot.removed(id) : failure(name, error.reason)
    } catch {
      return error
    }
  }

  private func failure(_ name: [UInt8], _ reason: String) -> Failure {
    Failure(.badData, "layer \(id.short)", "file \"\(printable(bytes: name))\": \(reason)")
  }
}
