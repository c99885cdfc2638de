import Compression
import Diagnostics
import ImageSource

/// A buffer for a piece of a layer in the pipeline.
///
/// - Note: Unchecked, because the stages in ``PipelineState``, under its lock, decide which thread may use it.
public final class Chunk: @unchecked Sendable {
  /// The size in bytes of chunks that are not compressed; larger ones are not faster.
  ///
  /// Compressed layers have chunks of their codec's block size.
  static let plainSize = 512 << 10

  /// Memory for the piece from the source; nil while a chunk of a pool has none.
  private var raw: UnsafeMutableRawBufferPointer?
  private let size: Int
  /// Where the memory comes from; nil if the chunk has its own.
  private let pool: BlockPool?
  /// The number of bytes of the layer in the chunk.
  public private(set) var count = 0
  /// Whether the layer continues although it should have ended in or before this chunk.
  var isSurplus = false
  /// The compressed piece; nil if the pipeline does not compress.
  public private(set) var compressed: UnsafeRawBufferPointer?
  /// The checksum of the piece from its codec.
  public private(set) var checksum: UInt32 = 0
  private var load: PendingPiece.Load?

  /// Memory for the compressed piece, allocated on first use.
  private var output: UnsafeMutableRawBufferPointer?

  /// Creates a chunk of at most `size` bytes, with memory of its own or, while it has a piece, of a pool.
  init(size: Int, pool: BlockPool? = nil) {
    self.size = size
    self.pool = pool
    if pool == nil { raw = .allocate(byteCount: size, alignment: 4096) }
  }

  deinit {
    raw?.deallocate()
    output?.deallocate()
  }

  /// The piece of the layer; empty after its memory went back to the pool.
  public var piece: UnsafeRawBufferPointer {
    guard let raw else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: raw[..<count])
  }

  /// Gives memory of a pool back: the piece is hashed and compressed.
  func release() {
    guard let pool, let raw else { return }
    self.raw = nil
    pool.give(raw)
  }

  /// Prepares the next piece of a layer, at most `limit` bytes; returns whether it is the last one.
  func prepare(_ reader: any LayerReader, limit: Int) throws(Failure) -> Bool {
    let raw = memory()
    let next = try reader.next(into: UnsafeMutableRawBufferPointer(rebasing: raw[..<limit]))
    count = next.count
    load = next.load
    return count < limit
  }

  /// Loads the missing bytes of the piece; returns whether it waited for the disk.
  func fill() throws(Failure) -> Bool {
    let load = load.take()
    return try load?(memory()) ?? false
  }

  private func memory() -> UnsafeMutableRawBufferPointer {
    if let raw { return raw }
    let taken = pool?.take() ?? .allocate(byteCount: size, alignment: 4096)
    raw = taken
    return taken
  }

  /// Compresses the piece as the block after the previous chunk.
  func compress(with encoder: any BlockEncoder, of codec: any Codec, after previous: Chunk?) throws(Failure) {
    let output =
      output ?? .allocate(byteCount: codec.capacity(forBlockOf: size), alignment: 4096)
    self.output = output
    let history = previous.map { UnsafeRawBufferPointer(rebasing: $0.piece.suffix(codec.historySize)) }
    let block = try encoder.encode(
      piece, history: history ?? UnsafeRawBufferPointer(start: nil, count: 0), into: output)
    checksum = block.checksum
    compressed = UnsafeRawBufferPointer(rebasing: output[..<block.count])
  }
}
