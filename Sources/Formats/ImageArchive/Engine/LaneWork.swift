import Diagnostics
import ImageModel

/// A layer that a lane of a pipeline is to deliver.
struct LaneJob {
  /// Its place among the layers of the run.
  let number: Int
  let layer: ArchiveLayer
  /// The most bytes of its first chunk.
  let first: Int
}

/// The layer that a lane of a pipeline is at, and the chunks it goes through.
///
/// - Note: Unchecked, because who may touch what is decided by ``PipelineState``: one thread at a time lays out, and
///   the layer changes only when nobody is at it.
final class LaneWork: @unchecked Sendable {
  private(set) var check: LayerCheck
  /// Whether the receiver knows of the layer.
  var hasBegun = false
  private var job: LaneJob
  private var bytes: (any LayerBytes)?
  /// The bytes that have been laid out.
  private var size: UInt64 = 0
  /// The most bytes of the next chunk.
  private var limit: Int
  private let chunks: [Chunk]

  init(_ chunks: [Chunk], _ job: LaneJob) {
    self.chunks = chunks
    self.job = job
    limit = job.first
    check = LayerCheck(of: job.layer)
  }

  /// Turns to another layer.
  func start(_ job: LaneJob) {
    self.job = job
    limit = job.first
    check = LayerCheck(of: job.layer)
    bytes = nil
    hasBegun = false
    size = 0
  }

  /// The place of the layer among those of the run.
  var number: Int { job.number }

  /// The chunk at a place.
  func chunk(_ place: Int) -> Chunk { chunks[place] }

  /// Lays out the next chunk of the layer, which is opened first if need be; tells whether it is the last one.
  func layOut(_ chunk: Chunk) throws(Failure) -> Bool {
    let bytes: any LayerBytes
    if let opened = self.bytes {
      bytes = opened
    } else {
      bytes = try job.layer.open()
      // Once only: the thread that delivers reads it meanwhile.
      self.bytes = bytes
    }
    let isLast = try job.layer.naming { () throws(Failure) in try chunk.layOut(bytes, limit: limit) }
    limit = Chunk.size
    size += UInt64(chunk.count)
    // More than was promised must not go out, since there is no room for it; the check will say so.
    chunk.isSurplus = size > job.layer.layer.size
    return isLast || chunk.isSurplus
  }

  /// Tells the source that a chunk has been delivered.
  func delivered(_ chunk: Chunk) { bytes?.delivered(chunk.count) }

  /// Loads what a chunk is lacking; tells whether the disk was waited for.
  func fill(_ chunk: Chunk) throws(Failure) -> Bool {
    try job.layer.naming { () throws(Failure) in try chunk.fill() }
  }
}
