import Compression
import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource
import LayerPipeline
import Outputs
import POSIX
import Tar

extension ImageFormat {
  /// Prepares an output of images for a target; reads no layer and changes nothing.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for images that the format cannot hold.
  public func prepare(
    _ images: [FormatImage], _ options: FormatOptions, for target: OutputTarget
  ) throws(Failure) -> PreparedOutput {
    if let codec = options.codec { try checkTypes(of: images, for: codec.suffix) }
    // Once only: another process may create the target meanwhile.
    let disposition: Result<Disposition, Failure>
    do {
      disposition = .success(try target.disposition(for: container.kind))
    } catch {
      disposition = .failure(error)
    }
    var existing: Path?
    if case .success(.existingDirectory(let path, _)) = disposition { existing = path }
    let images = images.sharingLayers(passing: passableLayers(of: images, options))
    var context = FormatContext(options, existing: existing)
    context.present = try presentLayers(of: images, in: context)
    context.written = WrittenLayers(
      knownOf: images.flatMap(\.layers), areCompressed: options.codec != nil,
      present: context.present.mapValues(\.layer))
    let content = OutputContent(
      entries: try entries(of: images, in: context), written: context.written,
      codec: options.codec,
      hasUnmeasuredLayers: images.flatMap(\.layers).contains { layer in
        layer.isAbsent && layer.layer.size == nil && context.present[layer.layer] == nil
      },
      kept: context.present.values.map(\.file).sorted())
    return PreparedOutput(
      format: self, images: images, context: context, target: target, disposition: disposition, content: content
    )
  }

  /// Refuses images whose kind of manifest has no media type for compressed layers.
  private func checkTypes(of images: [FormatImage], for suffix: String) throws(Failure) {
    for image in images where !family(for: image.manifest.mediaType).canDescribe(compression: suffix) {
      let name = image.referenceNames.first ?? image.config.digest.description
      throw Failure(
        .usage, name,
        "\(suffix) layers need an OCI manifest; use img-manifest --to oci, or --format oci-archive")
    }
  }
}

/// An output with all that is known about it before layers are read.
public struct PreparedOutput: Sendable {
  let format: any ImageFormat
  let images: [FormatImage]
  let context: FormatContext
  let target: OutputTarget
  let disposition: Result<Disposition, Failure>
  let content: OutputContent

  /// The layers to write, each once, in the order of their entries.
  public var layers: [SourceLayer] { content.layers }

  /// What users of the output must know.
  public var notes: [String] { items.compactMap(\.note) + format.notes(on: images, in: context) }

  /// The images alone and the lists, in the order of the output.
  private var items: [NamedManifest] { NamedManifest.all(of: images) }

  /// The lists, in the order of the output.
  public var lists: [ListOutline] { ListOutline.all(of: items) }

  /// The layers that are described, but not written, each once.
  public var absentLayers: [Layer] {
    var seen: Set<Layer> = []
    return images.flatMap(\.layers).filter { isAbsent($0) && seen.insert($0.layer).inserted }.map(\.layer)
  }

  /// What is left out of each image, in the order of the output.
  public var omissions: [Omission] {
    images.map { image in
      Omission(
        layers: image.layers.map(isAbsent), chain: image.neededChain { context.present[$0] != nil })
    }
  }

  private func isAbsent(_ layer: SourceLayer) -> Bool {
    layer.isAbsent && context.present[layer.layer] == nil
  }

  /// Writes the output; `pipeline` reads, verifies and compresses the layers.
  ///
  /// - Throws: A ``Diagnostics/Failure``; the target is then unchanged, but a stream ends inside a member.
  public func write(through pipeline: LayerPipeline) throws(Failure) -> WrittenOutput {
    let written: WrittenLayers
    var summary: OutputSummary?
    switch format.container {
    case .archive(let style):
      let output = try target.openArchive()
      written = try content.write(to: output, style.with(time: context.options.time), through: pipeline)
      summary = try output.finish()
    case .directory(let markers):
      let output = try DirectoryOutput(target, disposition.get(), isShared: !markers.isEmpty)
      written = try content.write(to: output, through: pipeline)
    }
    let isAlone = images.entryCount == 1
    var writtenImages: [WrittenImage] = []
    var writtenLists: [Blob] = []
    for item in items {
      let parts = try item.images.map { image throws(Failure) in
        let layers = try written.layers(of: image)
        return (manifest: try format.manifest(of: image, layers: layers), layers: layers)
      }
      let list =
        item.list == nil ? nil : item.blob(parts.compactMap { part in part.manifest.map { ($0, part.layers) } })
      if let list { writtenLists.append(list) }
      for (image, part) in zip(item.images, parts) {
        writtenImages.append(
          WrittenImage(
            manifest: part.manifest, layers: part.layers,
            loads: format.loads(image, list ?? part.manifest, isAlone: isAlone)))
      }
    }
    return WrittenOutput(
      output: summary, images: writtenImages, outlines: lists, lists: writtenLists,
      present: Set(context.present.values.map(\.layer.digest)), omissions: omissions, saved: saved)
  }

  /// The size of the tars of the layers that are left out, in bytes; nil if one is not known.
  var saved: UInt64? {
    absentLayers.reduce(UInt64?(0)) { sum, layer in
      guard let sum, let size = layer.size else { return nil }
      let (result, isTooLarge) = sum.addingReportingOverflow(size)
      return isTooLarge ? nil : result
    }
  }

  /// Plans the output of ``write(through:)``.
  public func plan() throws(Failure) -> OutputPlan {
    var members = try content.members()
    var size: UInt64?
    var temporarySize: UInt64? = 0
    var refusals: [Failure] = []
    switch format.container {
    case .archive(let style):
      let style = style.with(time: context.options.time)
      size = UInt64(2 * TarHeader.blockSize)
      for member in members {
        size = size.flatMap { sum in member.header(style).map { sum + $0.spaceInArchive } }
      }
      if case .success(.stream) = disposition { temporarySize = content.spooledSize }
    case .directory:
      members.removeAll(where: \.isDirectory)
      size = members.reduce(UInt64?(0)) { sum, file in sum.flatMap { sum in file.size.map { sum + $0 } } }
      refusals = subdirectoryRefusals
    }
    return OutputPlan(
      members: members, size: size, temporarySize: temporarySize,
      notes: target.notes(for: format.container.kind) + notes, omissions: omissions,
      lists: lists, present: context.present.values.map(\.layer), absentLayers: absentLayers.count,
      saved: saved,
      refusals: refusals)
  }

  /// The existing subdirectories of a target in which a save cannot create its files.
  private var subdirectoryRefusals: [Failure] {
    guard let path = context.existing else { return [] }
    return content.entries.compactMap { entry in
      guard case .directory(let name) = entry else { return nil }
      return OutputTarget.refusal(ofSubdirectory: path.appending(name))
    }
  }
}

/// The result of a save.
public struct WrittenOutput: Sendable {
  /// The output as a whole, if requested and if it is a file or stream.
  public let output: OutputSummary?
  /// The images in the order of the output.
  public let images: [WrittenImage]
  /// The lists before they were written.
  public let outlines: [ListOutline]
  /// The lists as written, in the same order.
  public let lists: [Blob]
  /// The layers that the target held before.
  public let present: Set<Digest>
  /// What is left out of each image.
  public let omissions: [Omission]
  /// The size of the layers that were left out, each once; nil if one is not known.
  public let saved: UInt64?
}

/// What is left out of an image.
public struct Omission: Sendable {
  /// Whether each layer, the base first, is described, but not written.
  public let layers: [Bool]
  /// The chain ID that the receiver must have; nil if nothing is left out.
  public let chain: Digest?
}

/// An image as written.
public struct WrittenImage: Sendable {
  /// The manifest as written; nil if the format has no manifests of its own.
  public let manifest: Blob?
  /// The layers as written, the base first.
  public let layers: [WrittenLayer]
  /// What loaders show for the image.
  public let loads: [LoadedImage]
}

extension PlannedMember {
  fileprivate var isDirectory: Bool { if case .directory = kind { true } else { false } }
}

extension TarHeader {
  /// The bytes of the member in an archive: header, data and padding.
  var spaceInArchive: UInt64 { UInt64(bytes.count) + size + UInt64(padding) }
}
