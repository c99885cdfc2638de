import Diagnostics
import ImageSource
import POSIX
import TarSplit

/// A layer of a store: its tar is assembled from tar-split records and files, or lies in an additional layer store.
public struct StoredLayer: LayerSource {
  /// What messages call the image of the layer.
  public let name: String
  private let id: StorageID
  private let location: StoreLocation

  /// Names a layer; nothing is read.
  public init(_ id: StorageID, in location: StoreLocation, of image: String = "") {
    self.id = id
    self.location = location
    name = image
  }

  /// Opens the layer; its metadata and its directory must be there.
  public func open() throws(Failure) -> any LayerReader {
    if let blob = try AdditionalLayer.open(id, in: location) { return SequentialReader(blob) }
    let records = try records()
    return TarSplitAssembler(records, files: try files())
  }

  /// Refuses a layer of which this process may not read every file.
  ///
  /// For stores of other users and rootless stores, whose files belong to subordinate IDs; opens each file once.
  public func checkReadable() throws(Failure) {
    // With that privilege no mode keeps a file from being read.
    if Privileges.readsEveryFile { return }
    try checkFiles()
  }

  func checkFiles() throws(Failure) {
    do throws(Failure) {
      if try AdditionalLayer.open(id, in: location) != nil { return }
      let records = try records()
      try records.checkReadable(try files())
    } catch {
      if error.kind == .noPermission { throw error }
    }
  }

  /// The damaged files of the layer, else what cannot be reproduced of it, else only its ID.
  public func diagnosis() -> String? {
    let layer = "layer \(id.short)"
    if let files = try? damagedFiles(), !files.isEmpty {
      return "\(layer): damaged \(files.count == 1 ? "file" : "files") \(files.joined(separator: ", "))"
    }
    if (try? records().holdsSparseFiles()) == true {
      return "\(layer): contains PAX sparse files; the store does not keep their original bytes"
    }
    return layer
  }

  /// The files whose contents are not those that were stored, as `"name"`, at most ten.
  func damagedFiles() throws(Failure) -> [String] {
    let records = try records()
    return try records.damagedFiles(try files())
  }

  /// The length in bytes of the tar, from its metadata alone where it has such.
  ///
  /// For layers whose record does not say it: those that were pulled by their table of contents.
  func measure() throws(Failure) -> UInt64 {
    try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      if let blob = try AdditionalLayer.open(id, in: location) { return try AdditionalLayer.measure(blob) }
      return try TarSplitReader(tarSplit).measure()
    }
  }

  func records() throws(Failure) -> TarSplitReader {
    let tarSplit = tarSplit
    return try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in try TarSplitReader(tarSplit) }
  }

  private func files() throws(Failure) -> StoredLayerFiles {
    try StoredLayerFiles(of: id, in: location, tarSplit: tarSplit)
  }

  private var tarSplit: Path { location.tarSplit(of: id) }
}

extension StoreLocation {
  /// The tar-split file of a layer: in the first root that has it, else where it would have to be.
  func tarSplit(of id: StorageID) -> Path {
    let paths = layerRoots.map { layers(in: $0).appending("\(id).tar-split.gz") }
    return paths.first { $0.exists } ?? paths[0]
  }
}
