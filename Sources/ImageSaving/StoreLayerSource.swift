import ContainerStorage
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
    StoreLayerBytes(try LayerReader(layerID, in: location))
  }

  func diagnosis() -> String? {
    guard let files = try? LayerReader.damagedFiles(of: layerID, in: location), !files.isEmpty else {
      return "layer \(layerID.short)"
    }
    return
      "layer \(layerID.short): damaged \(files.count == 1 ? "file" : "files") \(files.joined(separator: ", "))"
  }
}

private final class StoreLayerBytes: LayerBytes {
  private var reader: LayerReader

  init(_ reader: consuming LayerReader) {
    self.reader = reader
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    try reader.read(into: buffer)
  }
}
