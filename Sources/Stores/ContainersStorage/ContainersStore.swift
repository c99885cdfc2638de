import Diagnostics
import ImageRecord
import ImageSource
import JSON
import POSIX

/// The layers of records from a containers-storage.
///
/// `storage` holds `root`, `driver` and optionally `imagestore` and `additionalimagestores`. Each layer's
/// locator holds `layer`, the store's ID of the layer.
public struct ContainersStore: LayerProvider {
  /// `containers-storage`, the default of records.
  public static let kind = RecordStorage.defaultKind

  private let location: StoreLocation

  /// Checks the description of a store; nothing is read.
  public init(_ storage: RecordStorage) throws(Failure) {
    location = try StoreLocation(storage)
  }

  /// The roots of the store, and the directories of layers that another program presents.
  public static func places(of record: ImageRecord) throws(Failure) -> [Path] {
    let location = try StoreLocation(record.storage)
    let roots = [location.root] + [location.imageStore].compactMap(\.self) + location.additionalStores
    // podman mounts the folder of the driver on itself, and unmounts it while its files are still in use here. Then
    // nothing leads from them to the root.
    var places = roots + roots.map { $0.appending(location.driver.rawValue) }
    for layer in record.layers {
      guard let id = StorageID(try layer.locator.string("layer")),
        let directory = try AdditionalLayer.directory(of: id, in: location)
      else { continue }
      places.append(directory)
    }
    return places
  }

  /// The tar of a layer in the store.
  ///
  /// - Throws: A ``Diagnostics/Failure``; of the kind `unavailable` if the store is gone, `noPermission` if it cannot be
  ///   looked at.
  public func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent {
    let text = try layer.locator.string("layer")
    guard let id = StorageID(text) else { throw Failure(.badData, image, "invalid layer ID \"\(text)\"") }
    do { try location.check() } catch { throw error.advisingOnStore().within(image) }
    return .assembled(StoredLayer(id, in: location, of: image))
  }
}

extension StoreLocation {
  /// The store that a record describes.
  public init(_ storage: RecordStorage) throws(Failure) {
    let members = storage.members
    do throws(Failure) {
      self.init(
        root: Path(try members.string("root")), driver: try StorageDriver(named: members.string("driver")),
        imageStore: try members.optionalString("imagestore").map { Path($0) },
        additionalStores: members.has("additionalimagestores")
          ? try members.strings("additionalimagestores").map { Path($0) } : [])
    } catch {
      throw error.kind == .badData ? error.within("storage") : error
    }
  }
}

extension RecordStorage {
  /// The description of a store for a record.
  ///
  /// - Throws: A ``Failure`` if one of the paths cannot be written as JSON because it is not UTF-8.
  public init(_ location: StoreLocation) throws(Failure) {
    let root = try text(location.root)
    let imageStore = try location.imageStore.map { path throws(Failure) in try text(path) }
    let additional = try location.additionalStores.map { path throws(Failure) in try text(path) }
    do {
      let members = try RecordObject { json in
        json.key("root")
        json.string(root)
        json.key("driver")
        json.string(location.driver.rawValue)
        if let imageStore {
          json.key("imagestore")
          json.string(imageStore)
        }
        if !additional.isEmpty {
          json.key("additionalimagestores")
          json.strings(additional)
        }
      }
      self.init(kind: ContainersStore.kind, members: members)
    } catch {
      throw Failure(.internalError, "storage", "\(error)")
    }
  }
}

extension RecordLayer {
  /// The locator of a layer of a store.
  public static func locator(of id: StorageID) throws(Failure) -> RecordObject {
    do {
      return try RecordObject { json in
        json.key("layer")
        json.string(id.description)
      }
    } catch {
      throw Failure(.internalError, "storage", "\(error)")
    }
  }
}

private func text(_ path: Path) throws(Failure) -> String {
  guard let text = String(validating: path.bytes, as: UTF8.self) else {
    throw Failure(.unavailable, path.description, "the path of a store must be UTF-8")
  }
  return text
}
