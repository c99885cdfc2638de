@testable import LayerPipeline

/// Runs the scheduler of the pipeline in simulated time, with any number of workers.
///
/// The decisions are those of ``PipelineState``; only the jobs are replaced by their durations.
struct SimulatedMachine {
  /// How long each job of a chunk takes, in microseconds.
  struct Costs {
    /// To prepare a chunk: one at a time in each layer.
    var prepare = 0.0
    var load = 0.0
    /// One at a time in each layer.
    var hash = 0.0
    var compress = 0.0
    /// One at a time: the writer.
    var deliver = 0.0
    /// Of all jobs.
    var total: Double { prepare + load + hash + compress + deliver }
  }

  var workers: Int
  var slots = 2
  var buffers = 16
  var window = 4
  var costs: Costs

  private enum Event {
    case prepared(PipelineState.Job)
    case done(PipelineState.Job)
  }

  /// The time from the start to the end, in microseconds, for layers of some numbers of chunks.
  func duration(layers: [Int]) -> Double {
    let count = min(slots, layers.count)
    var waiting = layers.sorted(by: >)[...]
    var left = (0..<count).compactMap { _ in waiting.popFirst() }
    var state = PipelineState(
      slots: count, buffers: buffers, window: window, compresses: costs.compress > 0, hasHistory: false)
    var idle = Set(0..<workers)
    var events: [(time: Double, worker: Int, event: Event)] = []
    var now = 0.0
    while true {
      var isStopped = false
      // The writer, worker 0, asks first; then the helpers, as often as there is work.
      for worker in idle.sorted() {
        guard let job = state.job(for: worker == 0 ? .writer : .helper) else { continue }
        if job == .stop {
          isStopped = true
          break
        }
        idle.remove(worker)
        let (time, event): (Double, Event) =
          switch job {
          case .fill: (costs.prepare, .prepared(job))
          case .hash: (costs.hash, .done(job))
          case .compress: (costs.compress, .done(job))
          case .deliver: (costs.deliver, .done(job))
          case .finish, .stop: (0, .done(job))
          }
        events.append((now + time, worker, event))
      }
      guard !isStopped, let next = events.indices.min(by: { events[$0].time < events[$1].time }) else {
        return now
      }
      let (time, worker, event) = events.remove(at: next)
      now = time
      switch event {
      case .prepared(let job):
        guard case .fill(let slot, _) = job else { continue }
        left[slot] -= 1
        state.prepared(slot: slot, isLast: left[slot] == 0)
        events.append((now + costs.load, worker, .done(job)))
      case .done(let job):
        idle.insert(worker)
        switch job {
        case .fill(let slot, let buffer): _ = state.loaded(slot: slot, buffer: buffer, waited: false)
        case .hash(let slot, _): state.hashed(slot: slot)
        case .compress(let slot, let buffer, _): state.compressed(slot: slot, buffer: buffer)
        case .deliver(let slot, _): state.delivered(slot: slot)
        case .finish(let slot):
          let next = waiting.popFirst()
          if let next { left[slot] = next }
          state.finished(slot: slot, hasNext: next != nil)
        case .stop: break
        }
      }
    }
  }
}
