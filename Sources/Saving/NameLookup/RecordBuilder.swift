import ContainersStorage
import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageRecord
import ImageReference
import JSON

/// Makes records of images found in a store.
///
/// Reads manifests, configs and layer records, but no layer contents.
struct RecordBuilder {
  private let layers: LayerTable
  private let storage: RecordStorage

  /// Prepares to make records for the images of a snapshot.
  init(of snapshot: StoreSnapshot) throws(Failure) {
    layers = try LayerTable(of: snapshot)
    storage = try RecordStorage(snapshot.location)
  }

  /// The record of an image found for an input.
  func record(of found: FoundImage, input: String) throws(Failure) -> ImageRecord {
    do throws(Failure) {
      return try build(found, input: input, names: found.image.names)
    } catch {
      throw error.within(input)
    }
  }

  /// The record of an image that has these names in the store.
  func build(_ found: FoundImage, input: String, names: [String]) throws(Failure) -> ImageRecord {
    let id = try found.image.validated().description
    let manifest = try Manifest(parsing: try manifestBytes(of: found))
    try check(manifest, of: found.image)
    var config: Blob?
    if let descriptor = manifest.config {
      let bytes = try found.image.requiredBigData("\(descriptor.digest)")
      config = Blob(mediaType: descriptor.mediaType, bytes: bytes)
      if config?.digest != descriptor.digest {
        throw Failure(.badData, "config \(descriptor.digest)", "data does not match the digest")
      }
    }
    let isOCI = manifest.blob.mediaType == .ociManifest
    let chain = try layers.chain(to: found.image.topLayer)
    return ImageRecord(
      input: input, name: found.referenceName, tags: found.repositoryTag.map { [$0] } ?? [], id: id,
      manifest: manifest.blob, config: config,
      layers: try chain.map { id, layer throws(Failure) in
        RecordLayer(
          mediaType: isOCI ? .ociLayer : .dockerLayer, layer: layer, locator: try RecordLayer.locator(of: id))
      },
      storage: storage,
      others: try ImageRecord.details(
        match: found.match.rawValue, names: names, created: found.image.created,
        facts: ConfigFacts(config: config?.bytes ?? manifest.embeddedConfig ?? [])))
  }

  /// The default manifest, or the one in a `containers-storage:` reference if the image has it.
  private func manifestBytes(of found: FoundImage) throws(Failure) -> [UInt8] {
    if let digest = found.requestedManifest, let bytes = try found.image.bigData("manifest-\(digest)") {
      return bytes
    }
    return try found.image.requiredBigData("manifest")
  }

  /// Refuses a manifest whose digest the store did not record for the image.
  ///
  /// Schema 1 is exempt: the digest of a signed manifest covers only the signed part.
  private func check(_ manifest: Manifest, of image: ImageEntry) throws(Failure) {
    guard manifest.config != nil, let expected = image.digests.first else { return }
    guard image.digests.contains(manifest.blob.digest) else {
      throw Failure(.badData, "manifest \(expected)", "data does not match the digest")
    }
  }
}
