import Diagnostics
import ImageSource
import POSIX
import TarSplit

/// A layer of a store: a tar assembled from tar-split records and files, or a tar in an additional layer store.
public struct StoredLayer: TarSplitLayer {
  /// The image of the layer, for messages.
  public let name: String
  private let id: StorageID
  private let location: StoreLocation

  /// Names a layer; nothing is read.
  public init(_ id: StorageID, in location: StoreLocation, of image: String = "") {
    self.id = id
    self.location = location
    name = image
  }

  /// Opens the layer; its metadata and its directory must exist.
  public func open() throws(Failure) -> any LayerReader {
    if let blob = try AdditionalLayer.open(id, in: location) { return SequentialReader(blob) }
    return try assembler()
  }

  /// The layer in messages.
  public var label: String { "layer \(id.short)" }

  /// Refuses a layer if this process may not or cannot read every file.
  ///
  /// For stores of other users and rootless stores, whose files belong to subordinate IDs. Opens each file
  /// once.
  public func checkReadable() throws(Failure) {
    // With that privilege, file modes do not matter.
    if Privileges.readsEveryFile { return }
    try checkFiles()
  }

  func checkFiles() throws(Failure) {
    do {
      if try AdditionalLayer.open(id, in: location) != nil { return }
    } catch {
      if error.kind == .noPermission || error.isSystemFault { throw error }
      return
    }
    try checkRecordedFiles()
  }

  /// The length of the tar in bytes, from tar-split records if there are any, else by reading it.
  ///
  /// For layers whose record has no size: those pulled by their table of contents.
  func measure() throws(Failure) -> UInt64 {
    try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      if let blob = try AdditionalLayer.open(id, in: location) { return try AdditionalLayer.measure(blob) }
      return try TarSplitReader(location.tarSplit(of: id)).measure()
    }
  }

  /// Opens the records.
  public func records() throws(Failure) -> TarSplitReader {
    try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      try TarSplitReader(location.tarSplit(of: id))
    }
  }

  /// Opens the directory with the files.
  public func files() throws(Failure) -> any LayerFiles {
    let directories = try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      try LayerDirectories(of: id, in: location)
    }
    return TreeFiles(directories, label: label)
  }
}

extension StoreLocation {
  /// The tar-split file of a layer: in the first root that has it, else its path in the graph root.
  func tarSplit(of id: StorageID) throws(Failure) -> Path {
    let paths = tarSplitPaths(of: id)
    return try paths.firstPresent() ?? paths[0]
  }

  /// Whether a layer has a tar-split file.
  func hasTarSplit(of id: StorageID) throws(Failure) -> Bool {
    try tarSplitPaths(of: id).firstPresent() != nil
  }

  private func tarSplitPaths(of id: StorageID) -> [Path] {
    layerRoots.map { layers(in: $0).appending("\(id).tar-split.gz") }
  }
}
