import Diagnostics

/// The stage of each chunk in a pipeline, and the next job for each thread.
///
/// Only decides; does no work. Each slot has one layer at a time and buffers for chunks. A chunk is prepared,
/// loaded, hashed and optionally compressed, then delivered; after that its buffer is free for a later chunk.
/// Preparing, hashing and delivering follow the order of the layer; loading and compressing can be in any
/// order.
struct PipelineState {
  /// A unit of work, for the chunk in a buffer of a slot.
  enum Job: Equatable {
    /// Prepare the next chunk, then load it.
    case fill(slot: Int, buffer: Int)
    case hash(slot: Int, buffer: Int)
    /// Compress a chunk, primed with the previous one, if the codec needs that.
    case compress(slot: Int, buffer: Int, previous: Int?)
    case deliver(slot: Int, buffer: Int)
    /// All chunks of the slot's layer are hashed and delivered: verify it, and give the slot another layer.
    case finish(slot: Int)
    /// Nothing is left to do.
    case stop
  }

  /// The role of the thread that requests a job.
  enum Role {
    /// The one thread that delivers and finishes; does other work in between.
    case writer
    /// A thread that does all other work.
    case helper
    /// A thread that only fills chunks, so that several reads from the disk are in flight.
    case loader
  }

  private enum Stage {
    case filling, loaded, compressing, ready
  }

  private struct Slot {
    /// Whether the slot has a layer.
    var isBusy = true
    /// The stage of the chunk in each buffer.
    var stages: [Stage]
    /// The buffer of each chunk, by chunk number modulo the number of buffers.
    var buffers: [Int]
    /// The free buffers; the last one was used last and is still in the processor's cache.
    var spare: [Int]
    /// The number of chunks whose buffers are free again.
    var recycled = 0
    /// The number of chunks prepared or in preparation.
    var prepared = 0
    var isPreparing = false
    var hashed = 0
    var isHashing = false
    var delivered = 0
    /// The number of chunks before the first uncompressed one.
    var compressed = 0
    /// Whether the last chunk is prepared.
    var isAtEnd = false

    init(buffers count: Int) {
      stages = Array(repeating: .ready, count: count)
      buffers = Array(repeating: 0, count: count)
      spare = (0..<count).reversed()
    }

    func buffer(of chunk: Int) -> Int { buffers[chunk % buffers.count] }

    func stage(of chunk: Int) -> Stage { stages[buffer(of: chunk)] }

    /// Takes a buffer for the next chunk, after recycling those of the first `free` chunks; nil if none.
    mutating func nextBuffer(free: Int) -> Int? {
      while recycled < free {
        spare.append(buffer(of: recycled))
        recycled += 1
      }
      guard let buffer = spare.popLast() else { return nil }
      buffers[prepared % buffers.count] = buffer
      stages[buffer] = .filling
      prepared += 1
      return buffer
    }
  }

  private var slots: [Slot]
  private let compresses: Bool
  /// Whether the chunk before primes the compression of a chunk.
  private let hasHistory: Bool
  /// The most chunks of a slot in progress; few while the page cache is warm, to fit the CPU cache.
  private var window: Int
  private let buffers: Int
  /// The most chunks of all slots in progress, and the most of them whose bytes are still needed.
  private let limits: Limits
  /// The number of chunks whose bytes are still needed.
  private var pieces = 0
  /// The failures, by the number of their layer.
  private var failures: [Int: Failure] = [:]
  /// The number of chunks that waited for the disk.
  private var waits = 0

  /// Fewer waits do not count: a single file may have left the page cache.
  private static let waitsWhenCold = 4

  /// Limits for all slots together; what is not hashed and compressed yet needs the most memory.
  struct Limits {
    var chunks = Int.max
    var pieces = Int.max
  }

  /// Starts with slots that each have a layer and a number of buffers.
  init(
    slots: Int, buffers: Int, window: Int, compresses: Bool, hasHistory: Bool, limits: Limits = Limits()
  ) {
    self.slots = Array(repeating: Slot(buffers: buffers), count: slots)
    self.buffers = buffers
    self.window = min(window, buffers)
    self.compresses = compresses
    self.hasHistory = compresses && hasHistory
    self.limits = limits
  }

  /// Records a failure; no more jobs are issued.
  mutating func fail(_ failure: Failure, ofLayer number: Int) { failures[number] = failure }

  /// The failure of the first failed layer.
  var firstFailure: Failure? { failures.keys.min().flatMap { failures[$0] } }

  /// The next job for a thread; nil if it must wait for other threads.
  mutating func job(for role: Role) -> Job? {
    if !failures.isEmpty || !slots.contains(where: \.isBusy) { return .stop }
    switch role {
    case .writer: return deliverJob() ?? fillJob() ?? hashJob() ?? compressJob()
    case .helper: return compressJob() ?? hashJob() ?? fillJob()
    case .loader: return fillJob()
    }
  }

  private mutating func deliverJob() -> Job? {
    for index in slots.indices where slots[index].isBusy {
      let slot = slots[index]
      if slot.delivered < slot.prepared {
        guard slot.stage(of: slot.delivered) == (compresses ? .ready : .loaded) else { continue }
        return .deliver(slot: index, buffer: slot.buffer(of: slot.delivered))
      }
      if slot.isAtEnd, slot.hashed == slot.prepared { return .finish(slot: index) }
    }
    return nil
  }

  private mutating func fillJob() -> Job? {
    guard pieces < limits.pieces, slots.reduce(0, { $0 + pending($1) }) < limits.chunks else { return nil }
    var best: Int?
    for (index, slot) in slots.enumerated() where slot.isBusy && !slot.isAtEnd && !slot.isPreparing {
      guard slot.prepared - free(slot) < window else { continue }
      if let other = best, pending(slots[other]) <= pending(slot) { continue }
      best = index
    }
    guard let best, let buffer = slots[best].nextBuffer(free: free(slots[best])) else { return nil }
    slots[best].isPreparing = true
    if compresses, !hasHistory { pieces += 1 }
    return .fill(slot: best, buffer: buffer)
  }

  private mutating func hashJob() -> Job? {
    var best: Int?
    for (index, slot) in slots.enumerated() where slot.isBusy && !slot.isHashing {
      guard slot.hashed < slot.prepared, slot.stage(of: slot.hashed) != .filling else { continue }
      if let other = best, slots[other].prepared - slots[other].hashed >= slot.prepared - slot.hashed {
        continue
      }
      best = index
    }
    guard let best else { return nil }
    slots[best].isHashing = true
    return .hash(slot: best, buffer: slots[best].buffer(of: slots[best].hashed))
  }

  private mutating func compressJob() -> Job? {
    guard compresses else { return nil }
    for (index, slot) in slots.enumerated() where slot.isBusy {
      for chunk in slot.compressed..<max(slot.compressed, slot.prepared) where slot.stage(of: chunk) == .loaded
      {
        let previous = hasHistory && chunk > 0 ? chunk - 1 : nil
        if let previous, slot.stage(of: previous) == .filling { continue }
        let buffer = slot.buffer(of: chunk)
        slots[index].stages[buffer] = .compressing
        return .compress(slot: index, buffer: buffer, previous: previous.map(slot.buffer))
      }
    }
    return nil
  }

  /// The number of chunks no longer needed; a delivered chunk may still prime the next.
  private func free(_ slot: Slot) -> Int {
    let done = min(slot.hashed, slot.delivered)
    return hasHistory ? min(done, max(0, slot.compressed - 1)) : done
  }

  private func pending(_ slot: Slot) -> Int { slot.prepared - free(slot) }
}

// MARK: - Completed steps

extension PipelineState {
  /// Records that a chunk was prepared, and whether it is the last one.
  mutating func prepared(slot: Int, isLast: Bool) {
    slots[slot].isPreparing = false
    slots[slot].isAtEnd = isLast
  }

  /// Records that a chunk was loaded; returns true once, when the page cache turns out to be cold.
  ///
  /// From then on all buffers are used, and more threads should wait for the disk.
  mutating func loaded(slot: Int, buffer: Int, waited: Bool) -> Bool {
    slots[slot].stages[buffer] = .loaded
    guard waited else { return false }
    waits += 1
    guard waits == PipelineState.waitsWhenCold else { return false }
    window = buffers
    return true
  }

  /// Records that a chunk was hashed; returns whether its bytes are no longer needed.
  @discardableResult mutating func hashed(slot: Int) -> Bool {
    let chunk = slots[slot].hashed
    slots[slot].isHashing = false
    slots[slot].hashed += 1
    return done(with: slots[slot].stage(of: chunk) == .ready)
  }

  /// Records that a chunk was compressed; returns whether its bytes are no longer needed.
  @discardableResult mutating func compressed(slot: Int, buffer: Int) -> Bool {
    slots[slot].stages[buffer] = .ready
    let delivered = slots[slot].delivered
    let isHashed = (delivered..<max(delivered, slots[slot].hashed)).contains {
      slots[slot].buffer(of: $0) == buffer
    }
    while slots[slot].compressed < slots[slot].prepared, slots[slot].stage(of: slots[slot].compressed) == .ready
    {
      slots[slot].compressed += 1
    }
    return done(with: isHashed)
  }

  /// Counts a piece that is hashed and compressed.
  ///
  /// Blocks that prime the next one stay, as do those that are written as they are.
  private mutating func done(with isDone: Bool) -> Bool {
    guard isDone, compresses, !hasHistory else { return false }
    pieces -= 1
    return true
  }

  /// Records that a chunk was delivered.
  mutating func delivered(slot: Int) {
    slots[slot].delivered += 1
  }

  /// Records that the layer of a slot is finished; the slot has another layer, or none.
  mutating func finished(slot: Int, hasNext: Bool) {
    slots[slot] = Slot(buffers: buffers)
    slots[slot].isBusy = hasNext
  }
}
