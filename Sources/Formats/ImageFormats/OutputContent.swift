import Compression
import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource
import LayerPipeline
import Outputs
import Tar

/// The entries of an output, and what is known about its layers before they are written.
struct OutputContent: Sendable {
  let entries: [Entry]
  let written: WrittenLayers
  let codec: (any Codec)?
  /// Whether a manifest may describe an absent layer in another way: its source does not know the size of the tar.
  let hasUnmeasuredLayers: Bool
  /// The files that the directory already holds, and that the output needs.
  let kept: [String]

  /// The codec that a layer is compressed with; nil if it is delivered as it is written.
  func codec(for layer: SourceLayer) -> (any Codec)? { layer.passesBlob ? nil : codec }

  /// The layers in the order of their entries.
  var layers: [SourceLayer] { entries.compactMap(\.layer) }

  /// The members, as far as they are known before the layers are written.
  func members() throws(Failure) -> [PlannedMember] {
    let isSettled = isSettled
    return try entries.map { entry throws(Failure) in try entry.member(written, isSettled: isSettled) }
  }

  /// Whether names and sizes of all layers are known.
  var isSettled: Bool { !hasUnmeasuredLayers && layers.allSatisfy { written[$0.layer] != nil } }

  /// The largest size of a layer in a temporary file, in bytes; nil if known only after reading.
  var spooledSize: UInt64? {
    layers.filter { written[$0.layer] == nil }.map { $0.stream?.size }.reduce(UInt64?(0)) { most, size in
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
