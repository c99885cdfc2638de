import Diagnostics
import ImageManifest
import ImageModel
import ImageRecord

extension ImageRecord {
  /// The record with manifest and config in the wanted format, describing the layers as the store delivers them.
  ///
  /// Bytes that need not change are kept; needs no store.
  public func converted(to family: ManifestFamily) throws(Failure) -> ImageRecord {
    do throws(Failure) {
      let converted = try Manifest(parsing: manifest.bytes).converted(
        to: family, config: config?.bytes, layers: layers.map(\.layer))
      var record = self
      record.manifest = converted.manifest
      record.config = converted.config
      for index in record.layers.indices {
        record.layers[index].mediaType = family == .docker ? .dockerLayer : .ociLayer
      }
      return record
    } catch {
      throw error.within(title)
    }
  }
}
