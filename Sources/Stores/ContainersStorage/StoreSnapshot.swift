import Diagnostics
import Glibc
import JSON
import POSIX

/// The metadata of a store at one moment, read under its locks; the locks are released afterwards.
public struct StoreSnapshot: Sendable {
  /// Where the store is.
  public let location: StoreLocation
  /// The records of all image stores, in search order.
  public let images: [ImageEntry]
  /// The index of ``images`` for each image store, in search order; the first is the primary.
  let imageStores: [ImageIndex]
  private let layerFiles: [MetadataFile]
  private let imageFiles: [MetadataFile]

  struct MetadataFile: Equatable, Sendable {
    let path: Path
    let bytes: [UInt8]
  }

  /// The files with layer records in each store; of two records of a layer the first counts.
  static let layerFileNames = ["layers.json", "volatile-layers.json"]
  /// The largest images.json or layers.json to read: some 400,000 records.
  private static let metadataLimit = 512 << 20

  /// Reads the metadata; calls `onWait` before it waits for a writer that holds one of the lock files.
  ///
  /// `patience` limits the waits, together with all others that share it. Without a lock, the metadata is read
  /// anyway.
  public init(
    of location: StoreLocation, patience: LockPatience = LockPatience(), onWait: (Path) -> Void = { _ in }
  ) throws(Failure) {
    self.location = location
    var images: [ImageEntry] = []
    var imageStores: [ImageIndex] = []
    var layerFiles: [MetadataFile] = []
    var imageFiles: [(root: Path, file: MetadataFile?)] = []
    // The writers' order: layers before images. All locks are held until all files are read.
    let locks = try Self.lock(location, patience, onWait)
    // Swift releases an object after its last use; keep the locks alive until the end of the closure.
    try withExtendedLifetime(locks) { () throws(Failure) in
      for root in location.layerRoots {
        let directory = location.layers(in: root)
        for name in Self.layerFileNames {
          if let file = try Self.read(directory.appending(name)) { layerFiles.append(file) }
        }
      }
      for root in location.imageRoots {
        imageFiles.append((root, try Self.read(location.images(in: root).appending("images.json"))))
      }
    }
    for (root, file) in imageFiles {
      let start = images.count
      if let file {
        let directory = location.images(in: root)
        for record in try Self.records(of: file) {
          images.append(ImageEntry(record: record, directory: directory))
        }
      }
      imageStores.append(ImageIndex(images, start..<images.count))
    }
    self.images = images
    self.imageStores = imageStores
    self.layerFiles = layerFiles
    self.imageFiles = imageFiles.compactMap(\.file)
  }

  /// Whether both snapshots have the same metadata: no writer changed anything in between.
  public func isUnchanged(since other: StoreSnapshot) -> Bool {
    layerFiles == other.layerFiles && imageFiles == other.imageFiles
  }

  /// Decodes the layer records.
  func layers() throws(Failure) -> [StorageID: LayerEntry] {
    var result: [StorageID: LayerEntry] = [:]
    for file in layerFiles {
      for record in try Self.records(of: file) {
        let entry = LayerEntry(record: record, file: file.path)
        if let id = entry.id, result[id] == nil { result[id] = entry }
      }
    }
    return result
  }

  private static func lock(
    _ location: StoreLocation, _ patience: LockPatience, _ onWait: (Path) -> Void
  ) throws(Failure) -> [StoreLock] {
    let files =
      location.layerRoots.map { location.layers(in: $0).appending("layers.lock") }
      + location.imageRoots.map { location.images(in: $0).appending("images.lock") }
    return try files.map { file throws(Failure) in try StoreLock(file, patience: patience, onWait: onWait) }
  }

  /// Reads a metadata file; nil if it is missing or empty: there are no records.
  static func read(_ path: Path) throws(Failure) -> MetadataFile? {
    do {
      let bytes = try path.contents(limit: metadataLimit)
      return bytes.isEmpty ? nil : MetadataFile(path: path, bytes: bytes)
    } catch  where error.isNotFound {
      return nil
    } catch {
      throw error.failure
    }
  }

  static func records(of file: MetadataFile) throws(Failure) -> some Sequence<JSONValue> {
    do {
      let value = try JSONValue(parsing: file.bytes, rules: .lenient)
      guard value.kind == .array || value.isNull else {
        throw JSONError(offset: 0, reason: "expected an array of records")
      }
      return value.elements
    } catch {
      throw Failure(.badData, file.path.description, "\(error)")
    }
  }
}
