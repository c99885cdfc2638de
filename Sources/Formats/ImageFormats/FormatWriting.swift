import Compression
import Diagnostics
import ImageManifest
import ImageModel
import ImageSource
import LayerPipeline
import Outputs
import POSIX
import Tar

extension ImageFormat {
  /// Writes images to a target; `pipeline` reads, verifies and compresses their layers.
  ///
  /// `time` is the modification time of members, in seconds since 1970, if the format's members have one.
  ///
  /// - Throws: A ``Diagnostics/Failure``; the target is then unchanged, but a stream ends inside a member.
  public func write(
    _ images: [FormatImage], codec: (any Codec)?, time: UInt32 = 0, through pipeline: LayerPipeline,
    to target: OutputTarget
  ) throws(Failure) -> WrittenOutput {
    // Once only: another process may create the target meanwhile.
    let disposition = disposition(of: target)
    let content = try content(of: images, codec: codec, to: disposition)
    let written: WrittenLayers
    var summary: OutputSummary?
    switch container {
    case .archive(let style):
      let output = try target.openArchive()
      written = try content.write(to: output, style.with(time: time), through: pipeline)
      summary = try output.finish()
    case .directory(let markers):
      let output = try DirectoryOutput(target, disposition.get(), isShared: !markers.isEmpty)
      written = try content.write(to: output, through: pipeline)
    }
    return WrittenOutput(
      output: summary,
      images: try images.map { image throws(Failure) in
        let layers = try written.layers(of: image)
        return WrittenImage(manifest: try manifest(of: image, layers: layers), layers: layers)
      })
  }

  /// Plans the output of ``write(_:codec:time:through:to:)``; reads no layer.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for images that the format cannot hold.
  public func plan(
    _ images: [FormatImage], codec: (any Codec)?, to target: OutputTarget
  ) throws(Failure) -> OutputPlan {
    let disposition = disposition(of: target)
    let content = try content(of: images, codec: codec, to: disposition)
    let members = try content.members()
    switch container {
    case .archive(let style):
      var size: UInt64? = UInt64(2 * TarHeader.blockSize)
      for member in members {
        size = size.flatMap { sum in member.header(style).map { sum + $0.spaceInArchive } }
      }
      var temporarySize: UInt64? = 0
      if case .success(.stream) = disposition { temporarySize = content.spooledSize }
      return OutputPlan(
        members: members, size: size, temporarySize: temporarySize, notes: target.notes(for: container.kind))
    case .directory:
      let files = members.filter { !$0.isDirectory }
      let size = files.reduce(UInt64?(0)) { sum, file in sum.flatMap { sum in file.size.map { sum + $0 } } }
      return OutputPlan(
        members: files, size: size, temporarySize: 0, notes: target.notes(for: container.kind),
        refusals: refusals(of: content, in: disposition))
    }
  }

  /// The existing subdirectories of a target in which a save cannot create its files.
  private func refusals(
    of content: OutputContent, in disposition: Result<Disposition, Failure>
  ) -> [Failure] {
    guard case .success(.existingDirectory(let path, _)) = disposition else { return [] }
    return content.entries.compactMap { entry in
      guard case .directory(let name) = entry else { return nil }
      return OutputTarget.refusal(ofSubdirectory: path.appending(name))
    }
  }

  private func disposition(of target: OutputTarget) -> Result<Disposition, Failure> {
    do {
      return .success(try target.disposition(for: container.kind))
    } catch {
      return .failure(error)
    }
  }

  private func content(
    of images: [FormatImage], codec: (any Codec)?, to disposition: Result<Disposition, Failure>
  ) throws(Failure) -> OutputContent {
    var context = FormatContext(codec: codec)
    if case .success(.existingDirectory(let path, _)) = disposition {
      context = FormatContext(codec: codec, existing: path)
    }
    return OutputContent(
      entries: try entries(of: images, in: context),
      written: WrittenLayers(knownOf: images.flatMap(\.layers), areCompressed: codec != nil),
      codec: codec)
  }
}

/// The result of a save.
public struct WrittenOutput: Sendable {
  /// The output as a whole, if requested and if it is a file or stream.
  public let output: OutputSummary?
  /// The images in the order of the output.
  public let images: [WrittenImage]
}

/// An image as written.
public struct WrittenImage: Sendable {
  /// The manifest as written; nil if the format has no manifests of its own.
  public let manifest: Blob?
  /// The layers as written, the base first.
  public let layers: [WrittenLayer]
}

/// The entries of an output, and what is known about its layers before they are written.
struct OutputContent {
  let entries: [Entry]
  let written: WrittenLayers
  let codec: (any Codec)?

  /// The layers in the order of their entries.
  var layers: [SourceLayer] { entries.compactMap(\.layer) }

  /// The members, as far as they are known before the layers are written.
  func members() throws(Failure) -> [PlannedMember] {
    let isSettled = isSettled
    return try entries.map { entry throws(Failure) in try entry.member(written, isSettled: isSettled) }
  }

  /// Whether names and sizes of all layers are known.
  var isSettled: Bool { layers.allSatisfy { written[$0.layer] != nil } }

  /// The largest size of a layer in a temporary file, in bytes; nil if known only after reading.
  var spooledSize: UInt64? {
    layers.filter { written[$0.layer] == nil }.map(\.layer.size).reduce(UInt64?(0)) { most, size in
      most.flatMap { most in size.map { max(most, $0) } }
    }
  }

  /// Writes the archive.
  func write(
    to output: any ArchiveOutput, _ style: TarStyle, through pipeline: LayerPipeline
  ) throws(Failure) -> WrittenLayers {
    if let positioned = output.positioned, isSettled {
      try PositionedArchive(members(), style).write(layers, to: positioned, through: pipeline)
      return written
    }
    return try SequentialArchive(self, style, to: TarOutput(output)).write(through: pipeline)
  }

  /// Writes the directory.
  func write(to output: DirectoryOutput, through pipeline: LayerPipeline) throws(Failure) -> WrittenLayers {
    try DirectoryWriter(self, to: output).write(through: pipeline)
  }
}

extension PlannedMember {
  fileprivate var isDirectory: Bool { if case .directory = kind { true } else { false } }
}

extension TarHeader {
  /// The bytes of the member in an archive: header, data and padding.
  var spaceInArchive: UInt64 { UInt64(bytes.count) + size + UInt64(padding) }
}
