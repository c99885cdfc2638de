import Compression
import Diagnostics
import Digests
import ImageModel
import ImageSource

/// Reads, verifies and optionally compresses layers, with several threads.
///
/// All threads share one queue of work; ``PipelineState`` selects the next job. Layers may have any size: a
/// pipeline holds no more than its chunks.
public struct LayerPipeline {
  /// The buffers of all slots of plain layers: the number of concurrent reads if the page cache is cold.
  private static let buffers = 32
  /// The number of buffers in use while everything is in memory.
  static let warmWindow = 4
  /// The bytes of a memory page.
  private static let page: UInt64 = 4096

  private let codec: (any Codec)?
  private let threads: Int
  private let observer: (any LayerObserver)?

  /// Creates a pipeline that compresses layers with a codec, or delivers them unchanged.
  ///
  /// The bytes delivered do not depend on the number of threads. The observer receives the progress.
  public init(_ codec: (any Codec)?, threads: Int, observer: (any LayerObserver)? = nil) {
    self.codec = codec
    self.threads = max(threads, 1)
    self.observer = observer
  }

  /// Delivers layers, some at a time unless the writer needs them in order.
  ///
  /// Blobs that are passed on are not compressed.
  ///
  /// For uncompressed layers with `offsets`, all chunks but the first start at a page boundary of the output:
  /// the kernel copies whole pages faster.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of a source, of the writer, or for a layer that differs from the one
  ///   in its image. Bytes of this and other layers may have been delivered before.
  public func run(
    _ layers: [SourceLayer], inOrder: Bool, offsets: [UInt64] = [], to writer: any LayerWriter
  ) throws(Failure) {
    var jobs: [SlotJob] = []
    for (number, layer) in layers.enumerated() {
      guard let stream = layer.stream else {
        throw Failure(.internalError, "layer \(layer.layer.diffID)", "has no content")
      }
      let overhang = number < offsets.count ? Int(offsets[number] % LayerPipeline.page) : 0
      jobs.append(SlotJob(number: number, stream: stream, overhang: overhang))
    }
    // The largest layers first, so that the slots finish at about the same time.
    if !inOrder { jobs.sort { ($0.stream.size ?? .max) > ($1.stream.size ?? .max) } }
    let observed = observer.map { ObservedWriter(writer, of: layers, $0) } ?? writer
    for group in groups(of: jobs, layers, inOrder: inOrder) {
      let codec = group.first.map { layers[$0.number].passesBlob } == true ? nil : codec
      try run(group, codec, inOrder: inOrder, to: observed)
    }
  }

  /// The jobs in groups that are compressed, or passed on: in order, or each kind at once.
  private func groups(of jobs: [SlotJob], _ layers: [SourceLayer], inOrder: Bool) -> [ArraySlice<SlotJob>] {
    func passes(_ job: SlotJob) -> Bool { layers[job.number].passesBlob }
    if codec == nil { return jobs.isEmpty ? [] : [jobs[...]] }
    let jobs = inOrder ? jobs : jobs.filter(passes) + jobs.filter { !passes($0) }
    var groups: [ArraySlice<SlotJob>] = []
    var rest = jobs[...]
    while let first = rest.first {
      let group = rest.prefix { passes($0) == passes(first) }
      groups.append(group)
      rest = rest[group.endIndex...]
    }
    return groups
  }

  /// Delivers layers of one kind.
  private func run(
    _ jobs: ArraySlice<SlotJob>, _ codec: (any Codec)?, inOrder: Bool, to writer: any LayerWriter
  ) throws(Failure) {
    let count = inOrder ? 1 : min(LayerPipeline.slots(threads, compresses: codec != nil), jobs.count)
    let buffers = LayerPipeline.buffers(codec?.blockSize, threads, slots: count)
    var encoders: [any BlockEncoder] = []
    if let codec { for _ in 0..<threads { encoders.append(try codec.encoder()) } }
    let window = codec == nil ? LayerPipeline.warmWindow : buffers
    let state = PipelineState(
      slots: count, buffers: buffers, window: window, compresses: codec != nil,
      hasHistory: codec.map { $0.historySize > 0 } ?? false,
      limits: LayerPipeline.limits(codec?.blockSize, threads))
    let size = codec?.blockSize ?? Chunk.plainSize
    let pool = size > Chunk.plainSize ? BlockPool(size: size) : nil
    let slots = jobs.prefix(count).map { SlotWork(chunks: buffers, size: size, pool: pool, $0) }
    let run = PipelineRun(slots: slots, state: state, codec: codec)
    for index in 1..<threads { run.help(with: encoders.dropFirst(index).first) }
    run.deliver(jobs.dropFirst(count), with: encoders.first, to: writer)
    try run.join()
  }

  /// The number of layers at a time.
  ///
  /// Plain layers keep a thread each busy with hashing, and one writes; with compression, two layers are enough.
  static func slots(_ threads: Int, compresses: Bool) -> Int { compresses ? 2 : max(2, min(threads - 1, 4)) }

  /// The limits of large blocks: each thread has one, and one result more than threads can wait for the writer.
  static func limits(_ blockSize: Int?, _ threads: Int) -> PipelineState.Limits {
    guard let blockSize, blockSize > Chunk.plainSize else { return PipelineState.Limits() }
    return PipelineState.Limits(chunks: threads + 1, pieces: threads)
  }

  /// The number of buffers of each slot, without a codec or for its blocks; of large ones, only as many as keep the
  /// threads busy.
  static func buffers(_ blockSize: Int?, _ threads: Int, slots: Int) -> Int {
    guard let blockSize else { return min(16, buffers / slots) }
    return blockSize > Chunk.plainSize ? threads / slots + 2 : max(8, threads + 4)
  }
}
