import Diagnostics
import Glibc
import POSIX
import Synchronization

/// The directories that hold the files of a layer, in the order they are searched.
///
/// Nearly every file is in the first one. Those below matter for layers that were shifted to other user IDs,
/// whose own directory is empty; they are looked up only when a file is missing. Usable from any thread.
final class LayerDirectories: Sendable {
  private let location: StoreLocation
  private let home: LayerHome
  private let own: LayerDirectory
  /// Those of the layers below, once a file was missing.
  private let lower = Mutex<[LayerDirectory]?>(nil)

  /// Opens the layer's own directory.
  init(of id: StorageID, in location: StoreLocation) throws(Failure) {
    self.location = location
    home = try LayerHome(of: id, in: location)
    own = try LayerDirectory(of: home, in: location)
  }

  /// Opens a file by its cleaned name, a C string; the directories are searched in order.
  func open(_ name: UnsafePointer<CChar>) throws(SystemError) -> FileDescriptor {
    let first: SystemError
    do {
      return try own.open(name)
    } catch {
      guard error.isNotFound else { throw error }
      first = error
    }
    for directory in lowerDirectories() {
      do {
        return try directory.open(name)
      } catch  where error.isNotFound {
        continue
      }
    }
    throw first
  }

  /// The path of a file for messages.
  func path(of name: [UInt8]) -> Path { own.path(of: name) }

  /// Opens the directories of the layers below, nearest first; those that cannot be found are left out.
  private func lowerDirectories() -> [LayerDirectory] {
    lower.withLock { lower in
      if let lower { return lower }
      var links = ShortLinks(of: location)
      let found = home.lowerLinks.compactMap { link -> LayerDirectory? in
        guard let id = links.layer(of: link), let home = try? LayerHome(of: id, in: location) else {
          return nil
        }
        return try? LayerDirectory(of: home, in: location)
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

  init(of home: LayerHome, in location: StoreLocation) throws(Failure) {
    objects = home.isComposefs ? try ComposefsObjects(of: home.id, in: location) : nil
    do {
      path = try home.contents()
      // Nobody needs to be allowed to list it: a layer's root may have any mode.
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
