import ContainersStorage
import Diagnostics
import ImageRecord
import POSIX

extension RecordStorage {
  /// The description of a store for a record.
  ///
  /// - Throws: A ``Failure`` if one of the paths cannot stand in JSON because it is not UTF-8.
  public init(_ location: StoreLocation) throws(Failure) {
    self.init(
      root: try text(location.root), driver: location.driver.rawValue,
      imageStore: try location.imageStore.map { path throws(Failure) in try text(path) },
      additionalStores: try location.additionalStores.map { path throws(Failure) in try text(path) })
  }

  /// The store that a record describes.
  public func location() throws(Failure) -> StoreLocation {
    StoreLocation(
      root: Path(root), driver: try StorageDriver(named: driver), imageStore: imageStore.map { Path($0) },
      additionalStores: additionalStores.map { Path($0) })
  }
}

private func text(_ path: Path) throws(Failure) -> String {
  guard let text = String(validating: path.bytes, as: UTF8.self) else {
    throw Failure(.unavailable, path.description, "the path of a store must be UTF-8")
  }
  return text
}
