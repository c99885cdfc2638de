import Compression
import Diagnostics
import Dispatch
import ImageModel
import POSIX

/// Takes the layers that a pipeline delivers; all calls come from the thread that runs the pipeline.
protocol LayerReceiver: AnyObject {
  /// The layer with this number is about to be delivered.
  func begin(_ number: Int) throws(Failure)
  /// The next chunk of the layer.
  func take(_ chunk: Chunk, of number: Int) throws(Failure)
  /// The layer has been delivered, and is the one that its image names.
  func end(_ number: Int) throws(Failure)
}

/// Reads, verifies and, if asked for, compresses layers, with several threads.
///
/// One queue of work for all threads: what there is to do next is decided by ``PipelineState``. No layer is too large
/// for it: it holds no more than its chunks.
final class LayerPipeline {
  /// How many chunks a lane has: what the disk is asked for at a time when the page cache is cold.
  private static let places = 16
  /// How many of them are used while everything is in memory.
  private static let warmWindow = 4
  /// The bytes of a page of memory.
  private static let page: UInt64 = 4096
  /// The threads that wait for the disk when it has to be waited for.
  private static let loaders = 16

  private let deflaters: [any BlockDeflater]
  private let threads: Int
  private var chunks: [[Chunk]] = []

  /// A pipeline that leaves layers as they are, or compresses them.
  init(_ compression: LayerCompression, threads: Int) throws(Failure) {
    self.threads = threads
    var deflaters: [any BlockDeflater] = []
    if case .gzip(let level) = compression {
      for _ in 0..<threads { deflaters.append(try level.deflater()) }
    }
    self.deflaters = deflaters
  }

  /// Delivers layers, several at a time if the receiver does not need them in order.
  ///
  /// Of layers that are left as they are, all chunks but the first start on a page where the layers are put at
  /// `offsets`: the kernel copies whole pages faster.
  ///
  /// - Throws: A ``Failure`` of a source or of the receiver, or one that says that a layer is not the one its image
  ///   names. In each case bytes may have been delivered already, of other layers, too.
  func run(
    _ layers: [ArchiveLayer], inOrder: Bool, offsets: [UInt64] = [], to receiver: any LayerReceiver
  ) throws(Failure) {
    if layers.isEmpty { return }
    let lanes = inOrder ? 1 : min(2, layers.count)
    while chunks.count < lanes { chunks.append((0..<places).map { _ in Chunk() }) }
    // The largest first, so that the lanes end at about the same time.
    let order =
      inOrder
      ? Array(layers.indices) : layers.indices.sorted { layers[$0].layer.size > layers[$1].layer.size }
    let jobs = order.map { number in
      let overhang = number < offsets.count ? Int(offsets[number] % LayerPipeline.page) : 0
      return LaneJob(number: number, layer: layers[number], first: Chunk.size - overhang)
    }
    let state = PipelineState(
      lanes: lanes, places: places, window: window, compresses: !deflaters.isEmpty)
    let run = PipelineRun(
      lanes: zip(chunks, jobs.prefix(lanes)).map { LaneWork($0, $1) }, state: state,
      loaders: LayerPipeline.loaders)
    for index in 1..<max(threads, 1) { run.help(with: deflaters.isEmpty ? nil : deflaters[index]) }
    run.deliver(jobs.dropFirst(lanes), with: deflaters.first, to: receiver)
    try run.join()
  }

  private var places: Int { deflaters.isEmpty ? LayerPipeline.places : max(8, threads + 4) }
  private var window: Int { deflaters.isEmpty ? LayerPipeline.warmWindow : places }
}

/// One run of a pipeline: what its threads share.
///
/// - Note: Unchecked, because lanes hand themselves over between threads, see ``LaneWork``.
private final class PipelineRun: @unchecked Sendable {
  private let lanes: [LaneWork]
  private let monitor: Monitor<PipelineState>
  /// The number of threads that wait for the disk when it has to be waited for.
  private let loaders: Int
  private let threads = DispatchGroup()

  init(lanes: [LaneWork], state: PipelineState, loaders: Int) {
    self.lanes = lanes
    monitor = Monitor(state)
    self.loaders = loaders
  }

  /// Starts a thread that helps until everything is done.
  func help(with deflater: (any BlockDeflater)?) {
    nonisolated(unsafe) let deflater = deflater
    start("img.helper") { run in run.work(as: .helper, deflater) }
  }

  /// Works until everything is done, and hands the layers to their receiver: those of the lanes, then those that wait.
  func deliver(
    _ jobs: ArraySlice<LaneJob>, with deflater: (any BlockDeflater)?, to receiver: any LayerReceiver
  ) {
    var waiting = jobs
    while true {
      let job = monitor.wait { $0.job(for: .deliverer) }
      switch job {
      case .stop: return
      case .deliver(let lane, let place):
        attempt(lanes[lane]) { work throws(Failure) in
          try begin(work, receiver)
          let chunk = work.chunk(place)
          if !chunk.isSurplus {
            try receiver.take(chunk, of: work.number)
            work.delivered(chunk)
          }
          monitor.change { $0.delivered(lane: lane) }
        }
      case .finish(let lane):
        attempt(lanes[lane]) { work throws(Failure) in
          try begin(work, receiver)
          try work.check.finish()
          try receiver.end(work.number)
          let next = waiting.popFirst()
          if let next { work.start(next) }
          monitor.change { $0.finished(lane: lane, hasNext: next != nil) }
        }
      case .fill, .hash, .compress: perform(job, deflater)
      }
    }
  }

  /// Waits for all threads.
  ///
  /// - Throws: The failure of the first of the layers that failed.
  func join() throws(Failure) {
    threads.wait()
    if let failure = monitor.change({ $0.firstFailure }) { throw failure }
  }

  private func begin(_ work: LaneWork, _ receiver: any LayerReceiver) throws(Failure) {
    if work.hasBegun { return }
    work.hasBegun = true
    try receiver.begin(work.number)
  }

  private func work(as role: PipelineState.Role, _ deflater: (any BlockDeflater)?) {
    while true {
      let job = monitor.wait(inReserve: role == .loader) { $0.job(for: role) }
      // The others have to hear of it, too.
      if job == .stop { return monitor.change { _ in } }
      perform(job, deflater)
    }
  }

  private func perform(_ job: PipelineState.Job, _ deflater: (any BlockDeflater)?) {
    switch job {
    case .fill(let lane, let place):
      attempt(lanes[lane]) { work throws(Failure) in
        let chunk = work.chunk(place)
        let isLast = try work.layOut(chunk)
        monitor.change { $0.laidOut(lane: lane, isLast: isLast) }
        let waited = try work.fill(chunk)
        let isCold = monitor.change { $0.loaded(lane: lane, place: place, waited: waited) }
        guard isCold else { return }
        for _ in 0..<loaders { start("img.loader") { run in run.work(as: .loader, nil) } }
      }
    case .hash(let lane, let place):
      lanes[lane].check.update(lanes[lane].chunk(place).piece)
      monitor.change { $0.hashed(lane: lane) }
    case .compress(let lane, let place, let previous):
      attempt(lanes[lane]) { work throws(Failure) in
        guard let deflater else { throw Failure(.internalError, "pipeline", "no compressor") }
        try work.chunk(place).compress(with: deflater, after: previous.map(work.chunk))
        monitor.change { $0.compressed(lane: lane, place: place) }
      }
    case .deliver, .finish, .stop: return
    }
  }

  /// Does a step; a failure ends the run.
  private func attempt(_ work: LaneWork, _ body: (LaneWork) throws(Failure) -> Void) {
    let number = work.number
    do {
      try body(work)
    } catch {
      monitor.change { $0.fail(error, ofLayer: number) }
    }
  }

  private func start(_ label: String, _ body: @escaping @Sendable (PipelineRun) -> Void) {
    // A queue of its own has a thread of its own, however many of them wait.
    DispatchQueue(label: label, qos: .userInitiated).async(group: threads) { body(self) }
  }
}
