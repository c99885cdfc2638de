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
  /// The options of the output.
  public var options: FormatOptions
  /// The number of threads that read, verify, compress and write; it does not change the output.
  public var threads = min(onlineProcessors, 8)
  /// The platforms that this machine runs, best first: of a list, one image stands for all in `manifest.json`.
  public var host: @Sendable () -> [Platform] = { Platform.host.compatible }
  /// The kinds of sources of layers.
  public let providers: [any LayerProvider.Type]

  /// Creates a save in a format to a target.
  public init(
    format: any ImageFormat, target: OutputTarget, options: FormatOptions = FormatOptions(),
    providers: [any LayerProvider.Type]
  ) {
    self.format = format
    self.target = target
    self.options = options
    self.providers = providers
  }

  /// Prepares the save of the selected images, whose manifests must be those of the format; reads no layer.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for images that the format cannot hold.
  public func prepare(_ selection: SaveSelection) throws(Failure) -> PreparedSave {
    let images = try zip(selection.records, selection.places(host: host)).map {
      record, list throws(Failure) in try image(of: record, list)
    }
    return PreparedSave(
      selection: selection, job: self, output: try format.prepare(images, options, for: target))
  }

  /// The image of a record; refuses manifest and config of another family, or with other layers.
  private func image(of record: ImageRecord, _ list: OutputList?) throws(Failure) -> FormatImage {
    if !format.canLeaveOut, record.layers.contains(where: \.isAbsent) {
      throw Failure(.usage, "--format \(format.name)", "cannot leave layers out; use --format hybrid")
    }
    let layers = try record.sourceLayers(from: providers)
    let family = format.family(for: record.manifest.mediaType)
    guard let config = record.config, record.manifest.mediaType == family.manifestType else {
      throw Failure(
        .badData, record.title,
        "format \(format.name) needs another manifest (img-manifest --to \(family.rawValue))")
    }
    if format.needsDiffIDs {
      try record.refuseMissingLayers(format: format.name)
    } else {
      try record.refuseOtherLayers()
    }
    return FormatImage(
      tags: record.tags, name: record.name, manifest: record.manifest, config: config, layers: layers,
      list: list)
  }
}

/// A save with all that is known about it before layers are read.
public struct PreparedSave: Sendable {
  let selection: SaveSelection
  let job: SaveJob
  let output: PreparedOutput

  /// The layers to write, each once.
  public var layers: [SourceLayer] { output.layers }

  /// What users of the output must know.
  public var notes: [String] { output.notes }

  /// Writes the output; reports progress to `observer`.
  ///
  /// - Throws: A ``Diagnostics/Failure``; the target is then unchanged.
  public func run(observer: (any LayerObserver)? = nil) throws(Failure) -> WrittenOutput {
    // Check before opening the target: opening a FIFO starts its reader.
    try checkReadable()
    return try output.write(
      through: LayerPipeline(job.options.codec, threads: job.threads, observer: observer))
  }

  /// Plans the save; writes nothing and reads no layer.
  public func plan() throws(Failure) -> SavePlan {
    let plan = try output.plan()
    return SavePlan(selection, job, plan, refusals: refusals + plan.refusals)
  }

  /// The failures of the save that can be found without reading a layer.
  private var refusals: [Failure] {
    var refusals: [Failure] = []
    do throws(Failure) { try job.target.check(for: job.format.container.kind) } catch { refusals.append(error) }
    do throws(Failure) { for layer in output.layers { try layer.checkOpens() } } catch {
      refusals.append(error)
    }
    do throws(Failure) { try checkReadable() } catch { refusals.append(error) }
    return refusals
  }

  /// Refuses layers if this process may not read every part; scans each layer once.
  private func checkReadable() throws(Failure) {
    for source in output.layers.compactMap({ $0.stream?.source }) {
      try source.naming { () throws(Failure) in try source.checkReadable() }
    }
  }
}

extension SourceLayer {
  /// Refuses a layer that the source cannot provide, as far as known without reading it.
  fileprivate func checkOpens() throws(Failure) {
    guard let source = stream?.source else { return }
    _ = try source.naming { () throws(Failure) in try source.open() }
  }
}
