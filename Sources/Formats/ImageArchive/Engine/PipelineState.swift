import Diagnostics

/// What is where in a pipeline, and who is to do what next.
///
/// Decides only; does no work itself.
/// Each lane has one layer at a time and places for chunks. A chunk is laid out, loaded, hashed and, if the pipeline
/// compresses, compressed; then it is delivered, and its place is free for a later one. Laying out, hashing and
/// delivering go in the order of the layer; loading and compressing in any.
struct PipelineState {
  /// A step of work, for the chunk at a place of a lane.
  enum Job: Equatable {
    /// Lay out the next chunk, then load it.
    case fill(lane: Int, place: Int)
    case hash(lane: Int, place: Int)
    /// Compress a chunk, primed by the one before, if it is not the first.
    case compress(lane: Int, place: Int, previous: Int?)
    case deliver(lane: Int, place: Int)
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
    /// The stages of the chunks, by their places.
    var stages: [Stage]
    /// The places of the chunks, by their numbers modulo the number of places.
    var places: [Int]
    /// The places that are free, the last one being that which was used last: it is in the processor's cache still.
    var spare: [Int]
    /// How many chunks have given back their places.
    var recycled = 0
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

    init(places count: Int) {
      stages = Array(repeating: .ready, count: count)
      places = Array(repeating: 0, count: count)
      spare = (0..<count).reversed()
    }

    func place(of chunk: Int) -> Int { places[chunk % places.count] }

    func stage(of chunk: Int) -> Stage { stages[place(of: chunk)] }

    /// Finds a place for the next chunk; of `free` chunks the places are not needed any more.
    mutating func nextPlace(free: Int) -> Int? {
      while recycled < free {
        spare.append(place(of: recycled))
        recycled += 1
      }
      guard let place = spare.popLast() else { return nil }
      places[laidOut % places.count] = place
      stages[place] = .filling
      laidOut += 1
      return place
    }
  }

  private var lanes: [Lane]
  private let compresses: Bool
  /// How many chunks of a lane may be under way: fewer while nobody waits for the disk, so that they stay in the
  /// processor's cache.
  private var window: Int
  private let places: Int
  /// The failures by the number of their layer.
  private var failures: [Int: Failure] = [:]
  /// How many chunks the disk had to be waited for.
  private var waits = 0

  /// A few waits are nothing: a single file may have left the page cache.
  private static let waitsWhenCold = 4

  /// Starts with lanes that have a layer and a number of places each.
  init(lanes: Int, places: Int, window: Int, compresses: Bool) {
    self.lanes = Array(repeating: Lane(places: places), count: lanes)
    self.places = places
    self.window = min(window, places)
    self.compresses = compresses
  }

  /// Takes note of a failure; from now on no more jobs are handed out.
  mutating func fail(_ failure: Failure, ofLayer number: Int) { failures[number] = failure }

  /// The failure of the first of the layers that failed.
  var firstFailure: Failure? { failures.min { $0.key < $1.key }?.value }

  /// The next job for a thread; nil if it has to wait for others.
  mutating func job(for role: Role) -> Job? {
    if !failures.isEmpty || !lanes.contains(where: \.isBusy) { return .stop }
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
        guard lane.stage(of: lane.delivered) == (compresses ? .ready : .loaded) else { continue }
        return .deliver(lane: index, place: lane.place(of: lane.delivered))
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
    guard let best, let place = lanes[best].nextPlace(free: free(lanes[best])) else { return nil }
    lanes[best].isLayingOut = true
    return .fill(lane: best, place: place)
  }

  private mutating func hashJob() -> Job? {
    var best: Int?
    for (index, lane) in lanes.enumerated() where lane.isBusy && !lane.isHashing {
      guard lane.hashed < lane.laidOut, lane.stage(of: lane.hashed) != .filling else { continue }
      if let other = best, lanes[other].laidOut - lanes[other].hashed >= lane.laidOut - lane.hashed { continue }
      best = index
    }
    guard let best else { return nil }
    lanes[best].isHashing = true
    return .hash(lane: best, place: lanes[best].place(of: lanes[best].hashed))
  }

  private mutating func compressJob() -> Job? {
    guard compresses else { return nil }
    for (index, lane) in lanes.enumerated() where lane.isBusy {
      for chunk in lane.compressed..<max(lane.compressed, lane.laidOut) where lane.stage(of: chunk) == .loaded {
        if chunk > 0, lane.stage(of: chunk - 1) == .filling { continue }
        let place = lane.place(of: chunk)
        lanes[index].stages[place] = .compressing
        return .compress(lane: index, place: place, previous: chunk > 0 ? lane.place(of: chunk - 1) : nil)
      }
    }
    return nil
  }

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
  /// From then on all places are used.
  mutating func loaded(lane: Int, place: Int, waited: Bool) -> Bool {
    lanes[lane].stages[place] = .loaded
    guard waited else { return false }
    waits += 1
    guard waits == PipelineState.waitsWhenCold else { return false }
    window = places
    return true
  }

  /// A chunk has been hashed.
  mutating func hashed(lane: Int) {
    lanes[lane].isHashing = false
    lanes[lane].hashed += 1
  }

  /// A chunk has been compressed.
  mutating func compressed(lane: Int, place: Int) {
    lanes[lane].stages[place] = .ready
    while lanes[lane].compressed < lanes[lane].laidOut, lanes[lane].stage(of: lanes[lane].compressed) == .ready
    {
      lanes[lane].compressed += 1
    }
  }

  /// A chunk has been delivered.
  mutating func delivered(lane: Int) {
    lanes[lane].delivered += 1
  }

  /// The layer of a lane is done; the lane has another one, or none any more.
  mutating func finished(lane: Int, hasNext: Bool) {
    lanes[lane] = Lane(places: places)
    lanes[lane].isBusy = hasNext
  }
}
