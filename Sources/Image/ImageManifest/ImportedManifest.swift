import Diagnostics
import GoJSON
import ImageModel

/// The manifest that containerd gives an image without a manifest, as in a docker-archive.
///
/// Unlike containers/image, see ``Manifest/generated(config:layers:)``, it gives plain layers the type of plain
/// layers, and encodes Docker's types as an OCI manifest.
/// Source: containerd, core/images/archive/importer.go (`ImportIndex`).
///
/// - Throws: A failure of the kind `badData` for a layer of unknown size.
public func manifestImportedByContainerd(config: [UInt8], layers: [Layer]) throws(Failure) -> Blob {
  var spec = OCISpec.Manifest()
  spec.schemaVersion = 2
  spec.mediaType = MediaType.dockerManifest.description
  spec.config = OCISpec.Descriptor(Descriptor(Blob(mediaType: .dockerConfig, bytes: config)))
  spec.layers = try layers.map { layer throws(Failure) in
    OCISpec.Descriptor(try Descriptor(.dockerLayer, layer))
  }
  return Blob(mediaType: .dockerManifest, bytes: spec.encoded)
}
