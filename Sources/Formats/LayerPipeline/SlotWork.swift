import Diagnostics
import ImageSource

/// A layer that a slot of a pipeline is to deliver.
struct SlotJob {
  /// Its place among the layers of the run.
  let number: Int
  let stream: LayerStream
  /// The most bytes of its first chunk.
  let first: Int
}

/// The layer that is in a slot of a pipeline, and the chunks it goes through.
///
/// - Note: Unchecked, because who may touch what is decided by ``PipelineState``: one thread at a time prepares, and
///   the layer changes only while no thread works on it.
final class SlotWork: @unchecked Sendable {
  private(set) var check: LayerCheck
  private var job: SlotJob
  private var reader: (any LayerReader)?
  /// The bytes that have been prepared.
  private var size: UInt64 = 0
  /// The most bytes of the next chunk.
  private var limit: Int
  private let chunks: [Chunk]

  init(_ chunks: [Chunk], _ job: SlotJob) {
    self.chunks = chunks
    self.job = job
    limit = job.first
    check = LayerCheck(of: job.stream)
  }

  /// Turns to another layer.
  func start(_ job: SlotJob) {
    self.job = job
    limit = job.first
    check = LayerCheck(of: job.stream)
    reader = nil
    size = 0
  }

  /// The place of the layer among those of the run.
  var number: Int { job.number }

  /// The chunk in a buffer.
  func chunk(_ buffer: Int) -> Chunk { chunks[buffer] }

  /// Prepares the next chunk of the layer, which is opened first if need be; returns whether it is the last one.
  func prepare(_ chunk: Chunk) throws(Failure) -> Bool {
    let source = job.stream.source
    let isLast = try source.naming { () throws(Failure) in
      let reader: any LayerReader
      if let opened = self.reader { reader = opened } else { reader = try source.open() }
      self.reader = reader
      return try chunk.prepare(reader, limit: limit)
    }
    limit = Chunk.size
    size += UInt64(chunk.count)
    // More than was promised must not go out, since there is no room for it; the check refuses the layer.
    chunk.isSurplus = job.stream.size.map { size > $0 } ?? false
    return isLast || chunk.isSurplus
  }

  /// Loads what a chunk lacks; returns whether the disk was waited for.
  func fill(_ chunk: Chunk) throws(Failure) -> Bool {
    try job.stream.source.naming { () throws(Failure) in try chunk.fill() }
  }
}
