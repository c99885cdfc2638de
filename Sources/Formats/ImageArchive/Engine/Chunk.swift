import Compression
import Diagnostics

/// A buffer for a piece of a layer on its way through the pipeline.
///
/// - Note: Unchecked, because who may touch it changes with the stages in ``PipelineState``, under its lock.
final class Chunk: @unchecked Sendable {
  /// The bytes of a chunk: larger ones gain nothing, and compressed layers are cut into such blocks, so that another
  /// size would give other bytes.
  static let size = 512 << 10

  /// The piece as the source delivers it.
  let raw: UnsafeMutableRawBufferPointer
  /// The bytes of ``raw`` that belong to the layer.
  private(set) var count = 0
  /// Whether the layer goes on although it should have ended in this chunk or before.
  var isSurplus = false
  /// What ``raw`` has become, if the pipeline compresses.
  private(set) var compressed: UnsafeRawBufferPointer?
  /// The CRC-32 of the piece, if the pipeline compresses.
  private(set) var checksum: UInt = 0
  private var load: LaidOutBytes.Load?

  /// Memory for what the piece becomes, taken when it is first needed.
  private var output: UnsafeMutableRawBufferPointer?

  init() {
    raw = .allocate(byteCount: Chunk.size, alignment: 4096)
  }

  deinit {
    raw.deallocate()
    output?.deallocate()
  }

  /// The piece of the layer.
  var piece: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: raw[..<count]) }

  /// Lays out the next piece of a layer, of at most some bytes; tells whether the layer ends with it.
  func layOut(_ bytes: any LayerBytes, limit: Int) throws(Failure) -> Bool {
    let next = try bytes.next(into: UnsafeMutableRawBufferPointer(rebasing: raw[..<limit]))
    count = next.count
    load = next.load
    return count < limit
  }

  /// Loads what the piece is still lacking; tells whether the disk was waited for.
  func fill() throws(Failure) -> Bool {
    let load = load.take()
    return try load?(raw) ?? false
  }

  /// Compresses the piece as the next block of a gzip member, behind the chunk before it.
  func compress(with deflater: any BlockDeflater, after previous: Chunk?) throws(Failure) {
    let output =
      output ?? .allocate(byteCount: blockCapacity(forBlockOf: Chunk.size), alignment: 4096)
    self.output = output
    checksum = GzipFrame.checksum(of: piece)
    let history = previous.map { UnsafeRawBufferPointer(rebasing: $0.piece.suffix(blockHistorySize)) }
    let length = try deflater.deflate(
      piece, history: history ?? UnsafeRawBufferPointer(start: nil, count: 0), into: output)
    compressed = UnsafeRawBufferPointer(rebasing: output[..<length])
  }
}
