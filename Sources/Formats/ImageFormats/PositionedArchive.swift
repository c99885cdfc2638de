import Diagnostics
import Digests
import ImageSource
import LayerPipeline
import Outputs
import Tar

/// A tar archive whose offsets are all known before writing, so that layers are written in parallel.
struct PositionedArchive {
  /// The ranges of the layers, in the order of their members.
  private var layers: [Range<UInt64>] = []
  /// The bytes between the layers.
  private var pieces: [(offset: UInt64, bytes: [UInt8])] = []
  /// The length of the archive.
  private var size: UInt64 = 0

  /// Assigns offsets to members; their names and sizes must be known.
  init(_ members: [PlannedMember], _ style: TarStyle) throws(Failure) {
    for member in members {
      guard let header = member.header(style) else {
        throw Failure(.internalError, member.name ?? "member", "size is unknown")
      }
      append(header.bytes)
      switch member.kind {
      case .directory, .link: break
      case .file(let bytes): append(bytes ?? [])
      case .layer(let diffID):
        let (end, isTooLarge) = size.addingReportingOverflow(header.size)
        guard !isTooLarge, end < UInt64(Int64.max) else {
          throw Failure(.badData, "layer \(diffID)", "sum of layer sizes overflows")
        }
        layers.append(size..<end)
        size = end
      }
      append([UInt8](repeating: 0, count: header.padding))
    }
    append([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
  }

  private mutating func append(_ bytes: [UInt8]) {
    if bytes.isEmpty { return }
    if let last = pieces.last, last.offset + UInt64(last.bytes.count) == size {
      pieces[pieces.count - 1].bytes += bytes
    } else {
      pieces.append((size, bytes))
    }
    size += UInt64(bytes.count)
  }

  /// Writes the archive with these layers.
  func write(
    _ layers: [SourceLayer], to output: PositionedOutput, through pipeline: LayerPipeline
  ) throws(Failure) {
    for piece in pieces {
      try piece.bytes.withBytes { bytes throws(Failure) in
        try output.write(bytes, at: piece.offset)
      }
    }
    try pipeline.run(
      layers, inOrder: false, offsets: self.layers.map(\.lowerBound),
      to: PositionedLayers(at: self.layers, in: output))
  }
}

/// Writes layers to their offsets in a file.
private final class PositionedLayers: LayerWriter {
  private let output: PositionedOutput
  /// The offset of the next chunk of each layer.
  private var offsets: [UInt64]
  private var room: [Preallocation]

  init(at ranges: [Range<UInt64>], in output: PositionedOutput) {
    offsets = ranges.map(\.lowerBound)
    room = ranges.map(Preallocation.init)
    self.output = output
  }

  func begin(_ number: Int) {}

  func take(_ chunk: Chunk, of number: Int) throws(Failure) {
    let end = offsets[number] + UInt64(chunk.count)
    if let part = room[number].next(upTo: end) { try output.reserve(part) }
    try output.write(chunk.piece, at: offsets[number])
    offsets[number] = end
  }

  func end(_ number: Int, size: UInt64) {}
}
