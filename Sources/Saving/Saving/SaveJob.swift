import Compression
import Diagnostics
import ImageFormats
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource
import LayerPipeline
import Outputs
import POSIX

/// A save of images: the format, the target and the options.
public struct SaveJob: Sendable {
  /// The format of the output.
  public var format: any ImageFormat
  /// The target of the output.
  public var target: OutputTarget
  /// The compression of layers; nil for plain tars.
  public var codec: (any Codec)?
  /// The modification time of members in seconds since 1970, if the format's members have one.
  public var time: UInt32 = 0
  /// The number of threads that read, verify, compress and write; it does not change the output.
  public var threads = min(onlineProcessors, 8)
  /// Receives the progress of layers.
  public var observer: (any LayerObserver)?
  /// The kinds of sources of layers.
  public let providers: [any LayerProvider.Type]

  /// Creates a save in a format to a target.
  public init(
    format: any ImageFormat, target: OutputTarget, codec: (any Codec)? = nil,
    providers: [any LayerProvider.Type]
  ) {
    self.format = format
    self.target = target
    self.codec = codec
    self.providers = providers
  }

  /// Writes the selected images, whose manifests must be those of the format.
  ///
  /// - Throws: A ``Diagnostics/Failure``; the target is then unchanged.
  public func run(_ selection: SaveSelection) throws(Failure) -> WrittenOutput {
    let images = try images(of: selection)
    // Check before opening the target: opening a FIFO starts its reader.
    try checkReadable(images)
    let pipeline = LayerPipeline(codec, threads: threads, observer: observer)
    return try format.write(images, codec: codec, time: time, through: pipeline, to: target)
  }

  /// Plans the save; writes nothing and reads no layer.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for images that the format cannot hold.
  public func plan(_ selection: SaveSelection) throws(Failure) -> SavePlan {
    let images = try images(of: selection)
    let output = try format.plan(images, codec: codec, to: target)
    return SavePlan(selection, self, output, refusals: refusals(of: images) + output.refusals)
  }

  /// The failures of the save that can be found without reading a layer.
  private func refusals(of images: [FormatImage]) -> [Failure] {
    var refusals: [Failure] = []
    do throws(Failure) { try target.check(for: format.container.kind) } catch { refusals.append(error) }
    for image in images {
      do throws(Failure) { try image.checkLayers() } catch { refusals.append(error) }
    }
    do throws(Failure) { try checkReadable(images) } catch { refusals.append(error) }
    return refusals
  }

  /// The images as input of the format.
  private func images(of selection: SaveSelection) throws(Failure) -> [FormatImage] {
    try selection.records.map { record throws(Failure) in try image(of: record) }
  }

  /// The image of a record; refuses manifest and config of another family, or with other layers.
  private func image(of record: ImageRecord) throws(Failure) -> FormatImage {
    let layers = try record.sourceLayers(from: providers)
    guard let config = record.config, record.manifest.mediaType == format.family.manifestType else {
      throw Failure(
        .badData, record.title,
        "format \(format.name) needs another manifest (img-manifest --to \(format.family.rawValue))")
    }
    if format.needsDiffIDs {
      try record.refuseMissingLayers(format: format.name)
    } else {
      try record.refuseOtherLayers()
    }
    return FormatImage(
      tags: record.tags, name: record.name, manifest: record.manifest, config: config, layers: layers)
  }

  /// Refuses layers if this process may not read every part; scans each layer once.
  private func checkReadable(_ images: [FormatImage]) throws(Failure) {
    for layer in images.writtenLayers {
      guard let source = layer.tar?.source else { continue }
      try source.naming { () throws(Failure) in try source.checkReadable() }
    }
  }
}

extension FormatImage {
  /// Refuses layers that the source cannot provide, as far as known without reading them.
  fileprivate func checkLayers() throws(Failure) {
    for layer in layers {
      guard let source = layer.tar?.source else { continue }
      _ = try source.naming { () throws(Failure) in try source.open() }
    }
  }
}
