import Diagnostics
import Glibc
import POSIX

/// The directories that hold the files of a layer, in the order they are searched.
///
/// Nearly every file is in the first one. Those below matter for layers that were shifted to other user IDs,
/// whose own directory is empty; they are looked up only when a file is missing.
/// Source: containers/storage drivers/overlay, drivers/vfs, drivers/btrfs.
final class LayerDirectories {
  private let location: StoreLocation
  private let id: StorageID
  private var opened: [Directory] = []
  private var lowerIsRead = false

  private final class Directory {
    let path: Path
    let descriptor: FileDescriptor

    init(_ path: Path) throws(SystemError) {
      self.path = path
      descriptor = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }
  }

  /// Opens the layer's own directory.
  init(of id: StorageID, in location: StoreLocation) throws(Failure) {
    self.location = location
    self.id = id
    let home = try LayerDirectories.home(of: id, in: location)
    do {
      opened = [try Directory(try contents(of: home))]
    } catch {
      throw error.failure
    }
  }

  /// Opens a file by its cleaned name, a C string; the directories are searched in order.
  func open(_ name: UnsafePointer<CChar>) throws(SystemError) -> FileDescriptor {
    let first: SystemError
    do {
      return try opened[0].descriptor.open(inRoot: name)
    } catch {
      guard error.isNotFound else { throw error }
      first = error
    }
    readLower()
    for directory in opened.dropFirst() {
      do {
        return try directory.descriptor.open(inRoot: name)
      } catch  where error.isNotFound {
        continue
      }
    }
    throw first
  }

  /// The path of a file for messages.
  func path(of name: Path) -> Path { opened[0].path.appending(name) }

  /// The directory of a layer in the first root that has it.
  private static func home(of id: StorageID, in location: StoreLocation) throws(Failure) -> Path {
    for root in location.layerRoots {
      let path = location.contents(in: root).appending(id.description)
      if path.exists { return path }
    }
    let path = location.contents(in: location.root).appending(id.description)
    throw Failure(.badData, path.description, "the contents of the layer are missing")
  }

  /// The directory that holds the files themselves.
  private func contents(of home: Path) throws(SystemError) -> Path {
    guard location.driver == .overlay else { return home }
    let diff = home.appending("diff")
    // A layer of an additional layer store has a link to where that store shows it.
    if try FileStatus.ofLink(diff).kind == .symbolicLink {
      let target = try diff.linkTarget()
      if target.isAbsolute { return target }
    }
    return diff
  }

  /// Opens the directories of the layers below, nearest first; those that cannot be found are left out.
  private func readLower() {
    guard location.driver == .overlay, !lowerIsRead else { return }
    lowerIsRead = true
    for root in location.layerRoots {
      let lower = location.contents(in: root).appending(id.description).appending("lower")
      guard let text = try? lower.contents(limit: 1 << 20) else { continue }
      for link in text.split(separator: 0x3A).prefix(500) {
        if let home = home(ofLink: Path(link)), let directory = try? Directory(contents(of: home)) {
          opened.append(directory)
        }
      }
      return
    }
  }

  /// The directory of the layer that a short link (`l/…` → `../ID/diff`) leads to.
  private func home(ofLink link: Path) -> Path? {
    for root in location.layerRoots {
      let contents = location.contents(in: root)
      guard let target = try? contents.appending(link).linkTarget() else { continue }
      let components = target.bytes.split(separator: 0x2F)
      guard components.count == 3, components[0].elementsEqual("..".utf8),
        let id = StorageID(String(decoding: components[1], as: UTF8.self))
      else { continue }
      return try? LayerDirectories.home(of: id, in: location)
    }
    return nil
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
