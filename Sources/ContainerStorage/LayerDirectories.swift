import Diagnostics
import Glibc
import POSIX

/// The directories that hold the files of a layer, in the order they are searched.
///
/// Nearly every file is in the first one. Those below matter for layers that were shifted to other user IDs,
/// whose own directory is empty; they are looked up only when a file is missing.
final class LayerDirectories {
  private let location: StoreLocation
  private let home: LayerHome
  private var opened: [LayerDirectory]
  private var lowerIsRead = false

  /// Opens the layer's own directory.
  init(of id: StorageID, in location: StoreLocation) throws(Failure) {
    self.location = location
    home = try LayerHome(of: id, in: location)
    opened = [try LayerDirectory(of: home, in: location)]
  }

  /// Opens a file by its cleaned name, a C string; the directories are searched in order.
  func open(_ name: UnsafePointer<CChar>) throws(SystemError) -> FileDescriptor {
    let first: SystemError
    do {
      return try opened[0].open(name)
    } catch {
      guard error.isNotFound else { throw error }
      first = error
    }
    readLower()
    for directory in opened.dropFirst() {
      do {
        return try directory.open(name)
      } catch  where error.isNotFound {
        continue
      }
    }
    throw first
  }

  /// The path of a file for messages.
  func path(of name: [UInt8]) -> Path { opened[0].path(of: name) }

  /// Opens the directories of the layers below, nearest first; those that cannot be found are left out.
  private func readLower() {
    if lowerIsRead { return }
    lowerIsRead = true
    var links = ShortLinks(of: location)
    for link in home.lowerLinks {
      if let id = links.layer(of: link), let home = try? LayerHome(of: id, in: location),
        let directory = try? LayerDirectory(of: home, in: location)
      {
        opened.append(directory)
      }
    }
  }
}

/// One open directory with files of a layer: a tree, or the objects of a composefs layer.
private final class LayerDirectory {
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
    let name = Path(UnsafeRawBufferPointer(start: name, count: strlen(name)))
    guard let object = objects.path(of: name.bytes) else { throw SystemError.notFound(name.description) }
    return try descriptor.open(inRoot: object.bytes.map(CChar.init(bitPattern:)) + [0])
  }

  func path(of name: [UInt8]) -> Path {
    if let objects { path.appending(objects.path(of: name) ?? Path(name)) } else { path.appending(Path(name)) }
  }
}

/// The name of a tar member as a path below the layer's root, as Go's `filepath.Clean("/" + name)` has it.
///
/// `.` and `..` are resolved in the text, never above the root; the result has no slash at its start.
func cleaned(_ name: [UInt8]) -> [UInt8] {
  var components: [ArraySlice<UInt8>] = []
  for component in name.split(separator: 0x2F) {
    if component.elementsEqual(".".utf8) { continue }
    if component.elementsEqual("..".utf8) {
      _ = components.popLast()
    } else {
      components.append(component)
    }
  }
  return Array(components.joined(separator: [0x2F]))
}
