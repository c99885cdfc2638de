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
  /// The buffers of a slot: the number of concurrent reads if the page cache is cold.
  private static let buffers = 16
  /// The number of buffers in use while everything is in memory.
  private static let warmWindow = 4
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

  /// Delivers the tars of layers, two at a time unless the writer needs them in order.
  ///
  /// For uncompressed layers with `offsets`, all chunks but the first start at a page boundary of the output:
  /// the kernel copies whole pages faster.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of a source, of the writer, or for a layer that differs from the one
  ///   in its image. Bytes of this and other layers may have been delivered before.
  public func run(
    _ layers: [SourceLayer], inOrder: Bool, offsets: [UInt64] = [], to writer: any LayerWriter
  ) throws(Failure) {
    if layers.isEmpty { return }
    var streams: [LayerStream] = []
    for layer in layers {
      guard let stream = layer.tar else {
        throw Failure(.internalError, "layer \(layer.layer.diffID)", "has no content")
      }
      streams.append(stream)
    }
    let count = inOrder ? 1 : min(2, layers.count)
    let jobs = order(of: streams, inOrder: inOrder).map { number in
      let overhang = number < offsets.count ? Int(offsets[number] % LayerPipeline.page) : 0
      return SlotJob(number: number, stream: streams[number], first: Chunk.size - overhang)
    }
    var encoders: [any BlockEncoder] = []
    if let codec { for _ in 0..<threads { encoders.append(try codec.encoder()) } }
    let state = PipelineState(slots: count, buffers: buffers, window: window, compresses: codec != nil)
    let slots = jobs.prefix(count).map { job in SlotWork((0..<buffers).map { _ in Chunk() }, job) }
    let run = PipelineRun(slots: slots, state: state, codec: codec)
    for index in 1..<threads { run.help(with: codec == nil ? nil : encoders[index]) }
    let observed = observer.map { ObservedWriter(writer, of: layers.map(\.layer), $0) } ?? writer
    run.deliver(jobs.dropFirst(count), with: encoders.first, to: observed)
    try run.join()
  }

  /// The largest layers first, so that the slots finish at about the same time.
  private func order(of streams: [LayerStream], inOrder: Bool) -> [Int] {
    if inOrder { return Array(streams.indices) }
    return streams.indices.sorted { (streams[$0].size ?? .max) > (streams[$1].size ?? .max) }
  }

  private var buffers: Int { codec == nil ? LayerPipeline.buffers : max(8, threads + 4) }
  private var window: Int { codec == nil ? LayerPipeline.warmWindow : buffers }
}
