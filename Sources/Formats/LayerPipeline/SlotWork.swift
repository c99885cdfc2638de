import Diagnostics
import ImageSource

/// A layer for a slot of a pipeline.
struct SlotJob {
  /// Its index among the layers of the run.
  let number: Int
  let stream: LayerStream
  /// The number of bytes that its first chunk is shorter than the others.
  let overhang: Int
}

/// The layer in a slot of a pipeline, and the slot's chunks.
///
/// - Note: Unchecked, because ``PipelineState`` decides which thread may use what: one thread at a time
///   prepares, and the layer changes only while no thread works on it.
final class SlotWork: @unchecked Sendable {
  private(set) var check: LayerCheck
  private var job: SlotJob
  private var reader: (any LayerReader)?
  /// The number of bytes prepared.
  private var size: UInt64 = 0
  /// The maximum size of the next chunk, in bytes.
  private var limit: Int
  /// The size of chunks, in bytes.
  private let chunkSize: Int
  private let chunks: [Chunk]

  init(chunks count: Int, size: Int, pool: BlockPool? = nil, _ job: SlotJob) {
    chunks = (0..<count).map { _ in Chunk(size: size, pool: pool) }
    chunkSize = size
    self.job = job
    limit = size - job.overhang
    check = LayerCheck(of: job.stream)
  }

  /// Switches to another layer.
  func start(_ job: SlotJob) {
    self.job = job
    limit = chunkSize - job.overhang
    check = LayerCheck(of: job.stream)
    reader = nil
    size = 0
  }

  /// The index of the layer among those of the run.
  var number: Int { job.number }

  /// The chunk in a buffer.
  func chunk(_ buffer: Int) -> Chunk { chunks[buffer] }

  /// Prepares the next chunk of the layer, and opens the layer if needed; returns whether it is the last.
  func prepare(_ chunk: Chunk) throws(Failure) -> Bool {
    let source = job.stream.source
    let isLast = try source.naming { () throws(Failure) in
      let reader: any LayerReader
      if let opened = self.reader { reader = opened } else { reader = try source.open() }
      self.reader = reader
      return try chunk.prepare(reader, limit: limit)
    }
    limit = chunkSize
    size += UInt64(chunk.count)
    // Do not write more than the recorded size: there is no space for it. The check refuses the layer.
    chunk.isSurplus = job.stream.size.map { size > $0 } ?? false
    return isLast || chunk.isSurplus
  }

  /// Loads the missing bytes of a chunk; returns whether it waited for the disk.
  func fill(_ chunk: Chunk) throws(Failure) -> Bool {
    try job.stream.source.naming { () throws(Failure) in try chunk.fill() }
  }
}
