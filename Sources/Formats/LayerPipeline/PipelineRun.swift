import Compression
import Diagnostics
import POSIX

/// One run of a pipeline: the state shared by its threads.
///
/// - Note: Unchecked, because slots pass between threads; see ``SlotWork``.
final class PipelineRun: @unchecked Sendable {
  /// The number of additional threads that load chunks if the page cache is cold.
  private static let loaders = 16

  private let slots: [SlotWork]
  private let monitor: Monitor<PipelineState>
  private let codec: (any Codec)?
  private let threads = ThreadGroup()

  init(slots: [SlotWork], state: PipelineState, codec: (any Codec)?) {
    self.slots = slots
    monitor = Monitor(state)
    self.codec = codec
  }

  /// Starts a thread that helps until the run ends.
  func help(with encoder: (any BlockEncoder)?) {
    nonisolated(unsafe) let encoder = encoder
    start { run in run.work(as: .helper, encoder) }
  }

  /// Works until the run ends, and passes the layers to their writer: first those in the slots, then `jobs`.
  func deliver(
    _ jobs: ArraySlice<SlotJob>, with encoder: (any BlockEncoder)?, to writer: any LayerWriter
  ) {
    var waiting = jobs
    for slot in slots { attempt(slot) { work throws(Failure) in try writer.begin(work.number) } }
    while true {
      let job = monitor.wait { $0.job(for: .writer) }
      switch job {
      case .stop: return
      case .deliver(let slot, let buffer):
        attempt(slots[slot]) { work throws(Failure) in
          let chunk = work.chunk(buffer)
          if !chunk.isSurplus { try writer.take(chunk, of: work.number) }
          monitor.change { $0.delivered(slot: slot) }
        }
      case .finish(let slot):
        attempt(slots[slot]) { work throws(Failure) in
          try writer.end(work.number, size: try work.check.finish())
          let next = waiting.popFirst()
          if let next {
            work.start(next)
            try writer.begin(next.number)
          }
          monitor.change { $0.finished(slot: slot, hasNext: next != nil) }
        }
      case .fill, .hash, .compress: perform(job, encoder)
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

  private func work(as role: PipelineState.Role, _ encoder: (any BlockEncoder)?) {
    while true {
      let job = monitor.wait(inReserve: role == .loader) { $0.job(for: role) }
      // Wake the other waiting threads, which must stop too.
      if job == .stop { return monitor.change { _ in } }
      perform(job, encoder)
    }
  }

  private func perform(_ job: PipelineState.Job, _ encoder: (any BlockEncoder)?) {
    switch job {
    case .fill(let slot, let buffer):
      attempt(slots[slot]) { work throws(Failure) in
        let chunk = work.chunk(buffer)
        let isLast = try work.prepare(chunk)
        monitor.change { $0.prepared(slot: slot, isLast: isLast) }
        let waited = try work.fill(chunk)
        let isCold = monitor.change { $0.loaded(slot: slot, buffer: buffer, waited: waited) }
        guard isCold else { return }
        for _ in 0..<PipelineRun.loaders { start { run in run.work(as: .loader, nil) } }
      }
    case .hash(let slot, let buffer):
      let chunk = slots[slot].chunk(buffer)
      slots[slot].check.update(chunk.piece)
      // Under the lock of the state: the next chunk to be filled finds the memory in the pool.
      monitor.change { if $0.hashed(slot: slot) { chunk.release() } }
    case .compress(let slot, let buffer, let previous):
      attempt(slots[slot]) { work throws(Failure) in
        guard let encoder, let codec else { throw Failure(.internalError, "pipeline", "no compressor") }
        let chunk = work.chunk(buffer)
        try chunk.compress(with: encoder, of: codec, after: previous.map(work.chunk))
        monitor.change { if $0.compressed(slot: slot, buffer: buffer) { chunk.release() } }
      }
    case .deliver, .finish, .stop: return
    }
  }

  /// Runs a step; a failure ends the run.
  private func attempt(_ work: SlotWork, _ body: (SlotWork) throws(Failure) -> Void) {
    let number = work.number
    do {
      try body(work)
    } catch {
      monitor.change { $0.fail(error, ofLayer: number) }
    }
  }

  /// Starts a thread; if that fails, the running threads do its work, at worst the writer alone.
  private func start(_ body: @escaping @Sendable (PipelineRun) -> Void) {
    threads.start { body(self) }
  }
}
