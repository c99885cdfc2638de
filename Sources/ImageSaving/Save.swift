import ContainerStorage
import Diagnostics
import ImageArchive
import ImageManifest
import ImageModel
import ImageRecord
import ImageResolution
import POSIX

/// How an archive is written.
public struct SaveOptions: Sendable {
  /// The format of the output.
  public var format: SaveFormat
  /// The target; nil is standard output.
  public var output: Path?
  /// Whether an existing target is replaced.
  public var force = false
  /// Whether the target is flushed to its disk before success is reported.
  public var synchronize = false

  /// Options for a format and a target.
  public init(format: SaveFormat, output: Path?) {
    self.format = format
    self.output = output
  }
}

/// Writes the selected images, whose manifests must be those of the format.
///
/// - Throws: A ``Failure``; the target is then what it was before.
public func save(_ selection: SaveSelection, _ options: SaveOptions) throws(Failure) {
  var images: [ArchiveImage] = []
  for record in selection.records { images.append(try record.archiveImage(for: options.format)) }
  let output = try openOutput(options.output, force: options.force, synchronize: options.synchronize)
  switch options.format {
  case .dockerArchive: try DockerArchive.write(images, to: output)
  case .ociArchive, .ociDirectory, .dockerDirectory:
    throw Failure(.usage, "--format", "\(options.format.rawValue) is not supported yet")
  }
  try output.finish()
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
    return ArchiveImage(id: id, tags: tags, manifest: manifest, config: config, layers: sources)
  }
}

extension ImageRecord {
  /// What messages call the image: its name, else what the user typed, else the start of its ID.
  var title: String { name ?? input ?? "image \(id.prefix(12))" }
}
