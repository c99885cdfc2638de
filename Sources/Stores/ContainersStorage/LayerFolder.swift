import Diagnostics
import POSIX

/// The directory of one layer, such as `overlay/<id>`, in one of the roots of a store.
///
/// Source: containers/storage drivers/overlay, drivers/vfs, drivers/btrfs.
struct LayerFolder: Sendable {
  let id: StorageID
  let path: Path
  private let location: StoreLocation

  /// Finds the directory of a layer in the first root that has it.
  init(of id: StorageID, in location: StoreLocation) throws(Failure) {
    self.id = id
    self.location = location
    let paths = location.layerRoots.map { location.contents(in: $0).appending(id.description) }
    guard let path = try paths.firstPresent() else {
      throw Failure(.badData, paths[0].description, "the contents of the layer are missing")
    }
    self.path = path
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
  func isComposefs() throws(Failure) -> Bool {
    guard location.driver == .overlay else { return false }
    return try [path.appending("composefs-data")].firstPresent() != nil
  }

  /// The short links (`l/…`) to the lower layers, nearest first; overlay accepts at most 500.
  func lowerLinks() throws(Failure) -> [Path] {
    guard location.driver == .overlay else { return [] }
    let lower = path.appending("lower")
    let text = try ifAvailable { () throws(Failure) in try lower.layerContents(limit: 1 << 20) } ?? []
    return text.split(separator: 0x3A).prefix(500).map { Path($0) }
  }
}
