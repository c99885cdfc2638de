import Diagnostics
import Glibc
import POSIX
import TarSplit

/// The directories that hold the files of a layer, in search order.
///
/// Nearly every file is in the first one. Layers shifted to other user IDs have an empty directory; their files
/// are in the directories of lower layers, which are opened only when a file is missing. Usable from any
/// thread.
final class LayerDirectories: LayerTree {
  private let id: StorageID
  private let location: StoreLocation
  private let home: LayerFolder
  private let own: LayerDirectory
  /// The directories of lower layers; set once a file was missing.
  private let lower = Lock<[LayerDirectory]?>(nil)

  /// Opens the layer's own directory.
  init(of id: StorageID, in location: StoreLocation) throws(Failure) {
    self.id = id
    self.location = location
    home = try LayerFolder(of: id, in: location)
    own = try LayerDirectory(of: home, in: location)
  }

  /// Opens a file by its cleaned name, a C string; searches the directories in order.
  func open(_ name: UnsafePointer<CChar>) throws(LayerFileError) -> FileDescriptor {
    let first: SystemError
    do {
      return try own.open(name)
    } catch {
      guard error.isNotFound else { throw .file(error) }
      first = error
    }
    let directories = try converting(LayerFileError.directory) { () throws(Failure) in try lowerDirectories() }
    for directory in directories {
      do {
        return try directory.open(name)
      } catch {
        if error.isNotFound { continue }
        if error.isWrongFile { throw .file(error) }
        throw .directory(error.layerFailure(at: directory.path(of: Path(cString: name).bytes)))
      }
    }
    throw .file(first)
  }

  func failure(_ error: SystemError, of name: [UInt8]) -> Failure {
    error.layerFailure(at: own.path(of: name))
  }

  func removal() throws(Failure) -> Failure? {
    if try location.hasTarSplit(of: id), try !StoreSnapshot.hasLost(id, in: location) { return nil }
    return StoreSnapshot.removed(id)
  }

  /// Opens the directories of the lower layers, nearest first; skips those that cannot be found.
  private func lowerDirectories() throws(Failure) -> [LayerDirectory] {
    try lower.withLock { lower throws(Failure) in
      if let lower { return lower }
      var links = ShortLinks(of: location)
      var found: [LayerDirectory] = []
      for link in try home.lowerLinks() {
        guard let id = try links.layer(of: link) else { continue }
        let directory = try ifAvailable { () throws(Failure) in
          try LayerDirectory(of: LayerFolder(of: id, in: location), in: location)
        }
        if let directory { found.append(directory) }
      }
      lower = found
      return found
    }
  }
}

/// One open directory with files of a layer: a tree, or the objects of a composefs layer.
private final class LayerDirectory: Sendable {
  private let path: Path
  private let descriptor: FileDescriptor
  private let objects: ComposefsObjects?

  init(of home: LayerFolder, in location: StoreLocation) throws(Failure) {
    objects = try home.isComposefs() ? try ComposefsObjects(of: home.id, in: location) : nil
    do {
      path = try home.contents()
      // O_PATH needs no read permission: a layer's root may have any mode.
      descriptor = try FileDescriptor.open(path, pathOnlyFlag | O_DIRECTORY | O_NOFOLLOW)
    } catch {
      throw error.layerFailure(at: home.ownContents)
    }
  }

  func open(_ name: UnsafePointer<CChar>) throws(SystemError) -> FileDescriptor {
    guard let objects else { return try descriptor.open(inRoot: name) }
    let name = Path(cString: name)
    guard let object = objects.path(of: name.bytes) else { throw SystemError.notFound(name.description) }
    return try descriptor.open(inRoot: object.bytes.map(CChar.init(bitPattern:)) + [0])
  }

  func path(of name: [UInt8]) -> Path {
    if let objects { path.appending(objects.path(of: name) ?? Path(name)) } else { path.appending(Path(name)) }
  }
}
