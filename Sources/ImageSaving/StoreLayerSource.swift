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
    do {
      return StoreLayerBytes(try LayerReader(layerID, in: location), of: self)
    } catch {
      throw explained(error)
    }
  }

  /// The failure of a read, which is another one if the layer is there no more.
  fileprivate func explained(_ failure: Failure) -> Failure {
    guard failure.kind == .badData || failure.kind == .inputOutput,
      let snapshot = try? StoreSnapshot(of: location),
      snapshot.hasLayerRecords, let layers = try? LayerTable(of: snapshot), !layers.isComplete(layerID)
    else { return failure }
    return Failure(.tryAgain, "layer \(layerID.short)", "was removed while it was being saved")
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
  private let source: StoreLayerSource

  init(_ reader: consuming LayerReader, of source: StoreLayerSource) {
    self.reader = reader
    self.source = source
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    do {
      return try reader.read(into: buffer)
    } catch {
      throw source.explained(error)
    }
  }
}
