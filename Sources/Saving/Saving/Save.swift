import ContainersStorage
import Diagnostics
import Digests
import ImageArchive
import ImageManifest
import ImageModel
import ImageRecord
import NameLookup
import POSIX

/// How images are written.
public struct SaveOptions: Sendable {
  /// The format of the output.
  public var format: SaveFormat
  /// Where the output goes.
  public var target: ArchiveTarget
  /// How layers are written; docker-archive has none but uncompressed ones.
  public var compression: LayerCompression
  /// The modification time of all members of an oci-archive, in seconds since 1970.
  public var time: UInt32 = 0
  /// Is told how far the layers are.
  public var observer: (any LayerObserver)?

  /// Options for a format and a target.
  public init(format: SaveFormat, target: ArchiveTarget, compression: LayerCompression) {
    self.format = format
    self.target = target
    self.compression = compression
  }
}

/// Writes the selected images, whose manifests must be those of the format.
///
/// - Throws: A ``Failure``; the target is then what it was before.
public func save(_ selection: SaveSelection, _ options: SaveOptions) throws(Failure) -> WrittenArchive {
  var images: [ArchiveImage] = []
  for record in selection.records {
    images.append(try record.archiveImage(for: options.format).observed(by: options.observer))
  }
  try selection.refuseUnreadableLayers()
  let (target, compression) = (options.target, options.compression)
  switch options.format {
  case .dockerArchive: return try DockerArchive.write(images, to: target)
  case .ociArchive:
    return try OCIArchive.write(images[0], compression: compression, time: options.time, to: target)
  case .ociDirectory: return try OCIDirectory.write(images[0], compression: compression, to: target)
  case .dockerDirectory: return try DockerDirectory.write(images[0], compression: compression, to: target)
  }
}

extension ImageRecord {
  /// The image as an archive takes it.
  ///
  /// - Throws: A ``Failure`` if manifest and config are not those of the format, or name other layers than the record.
  func archiveImage(for format: SaveFormat) throws(Failure) -> ArchiveImage {
    let subject = title
    let location = try storage.location()
    var sources: [ArchiveLayer] = []
    for layer in layers {
      guard let layerID = StorageID(layer.storageLayer) else {
        throw Failure(.badData, subject, "invalid layer ID \"\(layer.storageLayer)\"")
      }
      let source = StoreLayerSource(imageName: subject, layerID: layerID, location: location)
      sources.append(ArchiveLayer(layer.layer, source: source))
    }
    guard let config, manifest.mediaType == format.family.manifestType else {
      let family = format.family == .docker ? "docker" : "oci"
      throw Failure(
        .badData, subject, "format \(format.rawValue) needs another manifest (img-manifest --to \(family))")
    }
    try refuseOtherLayers()
    return ArchiveImage(
      id: id, tags: tags, ociNames: tags.isEmpty ? name.map { [$0] } ?? [] : tags, manifest: manifest,
      config: config, layers: sources)
  }
}

extension ImageRecord {
  /// What messages call the image: its name, else what the user typed, else the start of its ID.
  var title: String { name ?? input ?? "image \(id.prefix(12))" }
}
