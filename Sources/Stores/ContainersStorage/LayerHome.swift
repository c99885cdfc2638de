import Diagnostics
import Glibc
import POSIX

/// The directory of one layer, such as `overlay/<id>`, in one of the roots of a store.
///
/// Source: containers/storage drivers/overlay, drivers/vfs, drivers/btrfs.
struct LayerHome: Sendable {
  let id: StorageID
  let path: Path
  private let location: StoreLocation

  /// Finds the directory of a layer in the first root that has it.
  init(of id: StorageID, in location: StoreLocation) throws(Failure) {
    self.id = id
    self.location = location
    var denied: SystemError?
    for root in location.layerRoots {
      let path = location.contents(in: root).appending(id.description)
      do {
        _ = try FileStatus.ofLink(path)
        self.path = path
        return
      } catch {
        if error.isPermission { denied = denied ?? error }
      }
    }
    let path = location.contents(in: location.root).appending(id.description)
    if let denied { throw denied.layerFailure(at: path) }
    throw Failure(.badData, path.description, "the contents of the layer are missing")
  }

  /// The directory that holds the files themselves.
  ///
  /// In a layer of an additional layer store, `diff` is a link to the tree that this store presents.
  func contents() throws(SystemError) -> Path {
    if location.driver == .overlay, try FileStatus.ofLink(ownContents).kind == .symbolicLink {
      let target = try ownContents.linkTarget()
      if target.isAbsolute { return target }
    }
    return ownContents
  }

  /// The path of the files, or of a link to them, in the store.
  var ownContents: Path { location.driver == .overlay ? path.appending("diff") : path }

  /// Whether the files are objects named after their digests.
  var isComposefs: Bool { location.driver == .overlay && path.appending("composefs-data").exists }

  /// The short links (`l/…`) to the lower layers, nearest first; overlay accepts at most 500.
  var lowerLinks: [Path] {
    guard location.driver == .overlay, let text = try? path.appending("lower").contents(limit: 1 << 20)
    else { return [] }
    return text.split(separator: 0x3A).prefix(500).map { Path($0) }
  }
}

extension SystemError {
  /// The failure of a layer's directory or file, with advice if permission is missing.
  func layerFailure(at path: Path) -> Failure {
    if isPermission {
      return Failure(
        .noPermission, path.description,
        "\(reason) (for a rootless store run under `podman unshare` or `unshare -U --map-root-user --map-auto`)"
      )
    }
    return Failure(
      .badData, path.description, code == ENOENT ? "the contents of the layer are missing" : reason)
  }
}
