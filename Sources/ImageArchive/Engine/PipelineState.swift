import Diagnostics

/// What is where in a pipeline, and who is to do what next.
///
/// Decides only; does no work itself.
/// Each lane has one layer at a time and a ring of chunks. A chunk is laid out, loaded, hashed and, if the pipeline
/// compresses, compressed; then it is delivered, and its place in the ring is free for a later one. Laying out,
/// hashing and delivering go in the order of the layer; loading and compressing in any.
struct PipelineState {
  /// A step of work, for the lane with the number.
  enum Job: Equatable {
    /// Lay out the next chunk, whose number it is, then load it.
    case fill(lane: Int, chunk: Int)
    case hash(lane: Int, chunk: Int)
    case compress(lane: Int, chunk: Int)
    case deliver(lane: Int, chunk: Int)
    /// All chunks of the lane's layer are hashed and delivered: it can be judged, and the lane take another layer.
    case finish(lane: Int)
    /// There is nothing to do any more.
    case stop
  }

  /// Who asks for a job.
  enum Role {
    /// The one thread that delivers and finishes, and does whatever else there is if it need not.
    case deliverer
    /// A thread that does everything but that.
    case helper
    /// A thread that only fills chunks, so that several can wait for the disk.
    case loader
  }

  private enum Stage {
    case filling, loaded, compressing, ready
  }

  private struct Lane {
    /// Whether the lane has a layer.
    var isBusy = true
    var stages: [Stage]
    /// How many chunks have been laid out, or are being so.
    var laidOut = 0
    var isLayingOut = false
    var hashed = 0
    var isHashing = false
    var delivered = 0
    /// The number of chunks before the first that is not compressed.
    var compressed = 0
    /// Whether the last chunk has been laid out.
    var isAtEnd = false

    init(ring: Int) {
      stages = Array(repeating: .ready, count: ring)
    }
  }

  private var lanes: [Lane]
  private let compresses: Bool
  /// How many chunks of a lane may be under way: fewer while nobody waits for the disk, so that they stay in the
  /// processor's cache.
  private var window: Int
  private let ring: Int
  private var hasFailed = false
  /// How many chunks the disk had to be waited for.
  private var waits = 0

  /// A few waits are nothing: a single file may have left the page cache.
  private static let waitsWhenCold = 4

  /// Starts with lanes that have a layer each, and rings of as many chunks.
  init(lanes: Int, ring: Int, window: Int, compresses: Bool) {
    self.lanes = Array(repeating: Lane(ring: ring), count: lanes)
    self.ring = ring
    self.window = min(window, ring)
    self.compresses = compresses
  }

  /// Hands out no more jobs.
  mutating func fail() { hasFailed = true }

  /// The next job for a thread; nil if it has to wait for others.
  mutating func job(for role: Role) -> Job? {
    if hasFailed || !lanes.contains(where: \.isBusy) { return .stop }
    switch role {
    case .deliverer: return deliverJob() ?? fillJob() ?? hashJob() ?? compressJob()
    case .helper: return compressJob() ?? hashJob() ?? fillJob()
    case .loader: return fillJob()
    }
  }

  private mutating func deliverJob() -> Job? {
    for index in lanes.indices where lanes[index].isBusy {
      let lane = lanes[index]
      if lane.delivered < lane.laidOut {
        guard stage(lane, lane.delivered) == (compresses ? .ready : .loaded) else { continue }
        return .deliver(lane: index, chunk: lane.delivered)
      }
      if lane.isAtEnd, lane.hashed == lane.laidOut { return .finish(lane: index) }
    }
    return nil
  }

  private mutating func fillJob() -> Job? {
    var best: Int?
    for (index, lane) in lanes.enumerated() where lane.isBusy && !lane.isAtEnd && !lane.isLayingOut {
      guard lane.laidOut - free(lane) < window else { continue }
      if let other = best, pending(lanes[other]) <= pending(lane) { continue }
      best = index
    }
    guard let best else { return nil }
    let chunk = lanes[best].laidOut
    lanes[best].isLayingOut = true
    lanes[best].stages[chunk % ring] = .filling
    lanes[best].laidOut += 1
    return .fill(lane: best, chunk: chunk)
  }

  private mutating func hashJob() -> Job? {
    var best: Int?
    for (index, lane) in lanes.enumerated() where lane.isBusy && !lane.isHashing {
      guard lane.hashed < lane.laidOut, stage(lane, lane.hashed) != .filling else { continue }
      if let other = best, lanes[other].laidOut - lanes[other].hashed >= lane.laidOut - lane.hashed { continue }
      best = index
    }
    guard let best else { return nil }
    lanes[best].isHashing = true
    return .hash(lane: best, chunk: lanes[best].hashed)
  }

  private mutating func compressJob() -> Job? {
    guard compresses else { return nil }
    for (index, lane) in lanes.enumerated() where lane.isBusy {
      for chunk in lane.compressed..<max(lane.compressed, lane.laidOut) where stage(lane, chunk) == .loaded {
        // The end of the chunk before primes the compression.
        if chunk > 0, stage(lane, chunk - 1) == .filling { continue }
        lanes[index].stages[chunk % ring] = .compressing
        return .compress(lane: index, chunk: chunk)
      }
    }
    return nil
  }

  private func stage(_ lane: Lane, _ chunk: Int) -> Stage { lane.stages[chunk % ring] }

  /// How many chunks nobody needs any more; one that has been delivered may still prime the next.
  private func free(_ lane: Lane) -> Int {
    let done = min(lane.hashed, lane.delivered)
    return compresses ? min(done, max(0, lane.compressed - 1)) : done
  }

  private func pending(_ lane: Lane) -> Int { lane.laidOut - free(lane) }
}

// MARK: - What has been done

extension PipelineState {
  /// A chunk has been laid out, and may be the last one.
  mutating func laidOut(lane: Int, isLast: Bool) {
    lanes[lane].isLayingOut = false
    lanes[lane].isAtEnd = isLast
  }

  /// A chunk has been loaded; tells, once, that the page cache is cold, so that more threads should wait for the disk.
  ///
  /// From then on the whole ring is used.
  mutating func loaded(lane: Int, chunk: Int, waited: Bool) -> Bool {
    lanes[lane].stages[chunk % ring] = .loaded
    guard waited else { return false }
    waits += 1
    guard waits == PipelineState.waitsWhenCold else { return false }
    window = ring
    return true
  }

  /// A chunk has been hashed.
  mutating func hashed(lane: Int) {
    lanes[lane].isHashing = false
    lanes[lane].hashed += 1
  }

  /// A chunk has been compressed.
  mutating func compressed(lane: Int, chunk: Int) {
    lanes[lane].stages[chunk % ring] = .ready
    while lanes[lane].compressed < lanes[lane].laidOut, stage(lanes[lane], lanes[lane].compressed) == .ready {
      lanes[lane].compressed += 1
    }
  }

  /// A chunk has been delivered.
  mutating func delivered(lane: Int) {
    lanes[lane].delivered += 1
  }

  /// The layer of a lane is done; the lane has another one, or none any more.
  mutating func finished(lane: Int, hasNext: Bool) {
    lanes[lane] = Lane(ring: ring)
    lanes[lane].isBusy = hasNext
  }
}
