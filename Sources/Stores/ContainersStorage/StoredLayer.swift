import Diagnostics
import ImageSource
import POSIX
import TarSplit

/// A layer of a store: a tar assembled from tar-split records and files, or a tar in an additional layer store.
public struct StoredLayer: LayerSource {
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
    let records = try records()
    return TarSplitAssembler(records, files: try files())
  }

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
    do throws(Failure) {
      if try AdditionalLayer.open(id, in: location) != nil { return }
      let records = try records()
      try records.checkReadable(try files())
    } catch {
      if error.kind == .noPermission || error.isSystemFault { throw error }
    }
  }

  /// The damaged files of the layer, else what cannot be reproduced, else only its ID.
  public func diagnosis() -> String? {
    let layer = "layer \(id.short)"
    do throws(Failure) {
      if let files = try ifAvailable({ () throws(Failure) in try damagedFiles() }), !files.isEmpty {
        return "\(layer): damaged \(files.count == 1 ? "file" : "files") \(files.joined(separator: ", "))"
      }
      if try ifAvailable({ () throws(Failure) in try records().holdsSparseFiles() }) == true {
        return "\(layer): contains PAX sparse files; the store does not keep their original bytes"
      }
    } catch {
      return "\(layer): its files cannot be compared: \(error)"
    }
    return layer
  }

  /// The files whose contents differ from the stored ones, as `"name"`, at most ten.
  func damagedFiles() throws(Failure) -> [String] {
    let records = try records()
    return try records.damagedFiles(try files())
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

  func records() throws(Failure) -> TarSplitReader {
    try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      try TarSplitReader(location.tarSplit(of: id))
    }
  }

  private func files() throws(Failure) -> StoredLayerFiles {
    try StoredLayerFiles(of: id, in: location)
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
