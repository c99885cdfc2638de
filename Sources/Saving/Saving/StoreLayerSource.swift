import ContainersStorage
import Diagnostics
import ImageArchive

/// A layer of a store as the source of an archive's layer.
struct StoreLayerSource: LayerSource {
  /// The image that the layer is saved for, as messages name it.
  let imageName: String
  let layerID: StorageID
  let location: StoreLocation

  var name: String { imageName }

  func open() throws(Failure) -> any LayerBytes {
    if let layer = try AdditionalLayer.open(layerID, in: location) { return AdditionalLayerBytes(layer) }
    return StoreLayerBytes(try LayerReader(layerID, in: location))
  }

  func diagnosis() -> String? {
    let layer = "layer \(layerID.short)"
    if let files = try? LayerReader.damagedFiles(of: layerID, in: location), !files.isEmpty {
      return "\(layer): damaged \(files.count == 1 ? "file" : "files") \(files.joined(separator: ", "))"
    }
    if (try? LayerReader.holdsSparseFiles(layerID, in: location)) == true {
      return "\(layer): contains PAX sparse files; the store does not keep their original bytes"
    }
    return layer
  }
}

private final class StoreLayerBytes: LayerBytes {
  private var reader: LayerReader

  init(_ reader: consuming LayerReader) {
    self.reader = reader
  }

  func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> LaidOutBytes {
    let piece = try reader.next(into: buffer)
    if piece.isComplete { return LaidOutBytes(count: piece.count) }
    return LaidOutBytes(count: piece.count) { buffer throws(Failure) in try piece.load(into: buffer) }
  }
}

private final class AdditionalLayerBytes: LayerBytes {
  private var layer: AdditionalLayer

  init(_ layer: consuming AdditionalLayer) {
    self.layer = layer
  }

  func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> LaidOutBytes {
    LaidOutBytes(count: try layer.read(into: buffer))
  }
}
