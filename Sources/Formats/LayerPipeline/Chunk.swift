import Compression
import Diagnostics
import ImageSource

/// A buffer for a piece of a layer on its way through the pipeline.
///
/// - Note: Unchecked, because who may touch it changes with the stages in ``PipelineState``, under its lock.
public final class Chunk: @unchecked Sendable {
  /// The bytes of a chunk: larger ones gain nothing, and compressed layers are cut into such blocks, so that another
  /// size would give other bytes.
  public static let size = 512 << 10

  /// Memory for the piece as the source provides it.
  private let raw: UnsafeMutableRawBufferPointer
  /// The number of bytes of the layer in the chunk.
  public private(set) var count = 0
  /// Whether the layer goes on although it should have ended in this chunk or before.
  var isSurplus = false
  /// The compressed piece; nil if the pipeline does not compress.
  public private(set) var compressed: UnsafeRawBufferPointer?
  /// The checksum of the piece that its codec computed.
  public private(set) var checksum: UInt32 = 0
  private var load: PendingPiece.Load?

  /// Memory for the compressed piece, allocated when it is first needed.
  private var output: UnsafeMutableRawBufferPointer?

  init() {
    raw = .allocate(byteCount: Chunk.size, alignment: 4096)
  }

  deinit {
    raw.deallocate()
    output?.deallocate()
  }

  /// The piece of the layer.
  public var piece: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: raw[..<count]) }

  /// Prepares the next piece of a layer, of at most some bytes; returns whether the layer ends with it.
  func prepare(_ reader: any LayerReader, limit: Int) throws(Failure) -> Bool {
    let next = try reader.next(into: UnsafeMutableRawBufferPointer(rebasing: raw[..<limit]))
    count = next.count
    load = next.load
    return count < limit
  }

  /// Loads what the piece still lacks; returns whether the disk was waited for.
  func fill() throws(Failure) -> Bool {
    let load = load.take()
    return try load?(raw) ?? false
  }

  /// Compresses the piece as the block that follows the chunk before it.
  func compress(with encoder: any BlockEncoder, of codec: any Codec, after previous: Chunk?) throws(Failure) {
    let output =
      output ?? .allocate(byteCount: codec.capacity(forBlockOf: Chunk.size), alignment: 4096)
    self.output = output
    let history = previous.map { UnsafeRawBufferPointer(rebasing: $0.piece.suffix(codec.historySize)) }
    let block = try encoder.encode(
      piece, history: history ?? UnsafeRawBufferPointer(start: nil, count: 0), into: output)
    checksum = block.checksum
    compressed = UnsafeRawBufferPointer(rebasing: output[..<block.count])
  }
}
