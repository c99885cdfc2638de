import Diagnostics
import Testing

@testable import LayerPipeline

/// Whatever the order of the threads, every chunk passes all stages, in order where required.
@Suite struct PipelineStateTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var slots = 2
    var helpers = 1
    var loaders = 0
    var buffers = 6
    var window = 6
    var compresses = false
    /// Whether chunks prime those that follow them.
    var hasHistory = true
    /// The most chunks in progress of all slots, and the most whose bytes are still needed.
    var chunks = Int.max
    var pieces = Int.max
    /// The number of chunks of each layer.
    var layers = [7, 3, 1, 20, 1]

    var testDescription: String {
      "\(slots) slots, \(helpers) helpers, \(loaders) loaders, buffers \(buffers), window \(window), "
        + "\(compresses ? "compressed" : "plain"), history \(hasHistory), limits \(chunks) \(pieces), "
        + "layers \(layers)"
    }
  }

  static let cases = [
    Case(), Case(slots: 1), Case(helpers: 0), Case(slots: 1, helpers: 0, buffers: 3, window: 1),
    Case(helpers: 7, loaders: 5, buffers: 16, window: 2), Case(compresses: true),
    Case(slots: 1, compresses: true),
    Case(slots: 1, helpers: 0, buffers: 3, window: 2, compresses: true),
    Case(helpers: 9, loaders: 3, buffers: 4, window: 4, compresses: true),
    Case(buffers: 3, window: 3, compresses: true, hasHistory: false),
    Case(slots: 1, helpers: 0, buffers: 1, window: 1, compresses: true, hasHistory: false),
    Case(slots: 1, helpers: 7, loaders: 3, buffers: 10, window: 10, compresses: true, hasHistory: false),
    Case(helpers: 0, buffers: 2, window: 2, compresses: true, hasHistory: false, chunks: 2, pieces: 1),
    Case(buffers: 3, window: 3, compresses: true, hasHistory: false, chunks: 3, pieces: 2),
    Case(buffers: 3, window: 3, compresses: true, hasHistory: false, chunks: 1, pieces: 1),
    Case(
      helpers: 7, loaders: 3, buffers: 6, window: 6, compresses: true, hasHistory: false, chunks: 9, pieces: 8),
  ]

  @Test(.timeLimit(.minutes(5)), arguments: cases)
  func everyChunkIsDeliveredInOrder(_ test: Case) throws {
    for seed in 0..<200 {
      var simulation = Simulation(test, seed: UInt64(seed + 1))
      try simulation.run()
      #expect(simulation.finished.sorted() == Array(test.layers.indices), "seed \(seed)")
      for (layer, count) in test.layers.enumerated() {
        #expect(simulation.delivered[layer] == Array(0..<count), "seed \(seed)")
        #expect(simulation.hashed[layer] == Array(0..<count), "seed \(seed)")
      }
      #expect(simulation.needed.isEmpty, "seed \(seed)")
    }
  }

  @Test func afterAFailureThereIsNothingToDo() {
    var state = PipelineState(slots: 1, buffers: 4, window: 4, compresses: false, hasHistory: false)
    #expect(state.job(for: .helper) == .fill(slot: 0, buffer: 0))
    state.fail(Failure(.badData, "b", ""), ofLayer: 1)
    state.fail(Failure(.badData, "a", ""), ofLayer: 0)
    #expect(state.job(for: .helper) == .stop)
    #expect(state.job(for: .writer) == .stop)
    #expect(state.job(for: .loader) == .stop)
    #expect(state.firstFailure?.subject == "a")
  }

  @Test func aColdDiskWidensTheWindow() {
    var state = PipelineState(slots: 1, buffers: 16, window: 1, compresses: false, hasHistory: false)
    for chunk in 0..<4 {
      // The same buffer each time.
      #expect(state.job(for: .loader) == .fill(slot: 0, buffer: 0))
      state.prepared(slot: 0, isLast: false)
      #expect(state.job(for: .loader) == nil)
      #expect(state.loaded(slot: 0, buffer: 0, waited: true) == (chunk == 3))
      #expect(state.job(for: .writer) == .deliver(slot: 0, buffer: 0))
      state.delivered(slot: 0)
      #expect(state.job(for: .helper) == .hash(slot: 0, buffer: 0))
      state.hashed(slot: 0)
    }
    var filled = 0
    while case .fill = state.job(for: .loader) {
      state.prepared(slot: 0, isLast: false)
      filled += 1
    }
    #expect(filled == 16)
  }
}

/// Threads that take jobs and finish them in a random order.
private struct Simulation {
  let test: PipelineStateTests.Case
  var state: PipelineState
  var random: UInt64
  var running: [PipelineState.Job?]
  /// The layer of each slot.
  var layer: [Int]
  var waiting: ArraySlice<Int>
  var delivered: [Int: [Int]] = [:]
  var hashed: [Int: [Int]] = [:]
  var compressed: [Int: Set<Int>] = [:]
  var finished: [Int] = []
  /// The number of prepared chunks of each slot.
  var prepared: [Int]
  /// The chunk in each buffer of a slot, and its stage.
  var held: [[(chunk: Int, isLoaded: Bool, isCompressed: Bool)]]
  /// The chunks whose bytes are needed, as slot and buffer.
  var needed: Set<[Int]> = []

  init(_ test: PipelineStateTests.Case, seed: UInt64) {
    self.test = test
    random = seed &* 0x9E37_79B9_7F4A_7C15
    let slots = min(test.slots, test.layers.count)
    state = PipelineState(
      slots: slots, buffers: test.buffers, window: test.window, compresses: test.compresses,
      hasHistory: test.hasHistory, limits: PipelineState.Limits(chunks: test.chunks, pieces: test.pieces))
    running = Array(repeating: nil, count: 1 + test.helpers + test.loaders)
    layer = Array(0..<slots)
    waiting = Array(test.layers.indices)[slots...]
    prepared = Array(repeating: 0, count: slots)
    held = Array(repeating: Array(repeating: (-1, true, true), count: test.buffers), count: slots)
  }

  func role(_ thread: Int) -> PipelineState.Role {
    thread == 0 ? .writer : thread <= test.helpers ? .helper : .loader
  }

  mutating func run() throws {
    for _ in 0..<100_000 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let thread = Int(random >> 33) % running.count
      if let job = running[thread] {
        try finish(job)
        running[thread] = nil
      } else if let job = state.job(for: role(thread)) {
        if job == .stop {
          if running.allSatisfy({ $0 == nil }) { return }
        } else {
          try start(job)
          running[thread] = job
        }
      } else {
        if running.contains(where: { $0 != nil }) { continue }
        // If no thread works, there must be a job for the writer, which does all kinds of work.
        let next = state.job(for: .writer)
        let job = try #require(next)
        if job == .stop { return }
        try start(job)
        running[0] = job
      }
    }
    Issue.record("no end")
  }

  mutating func start(_ job: PipelineState.Job) throws {
    switch job {
    case .fill(let slot, let buffer):
      // An overwritten chunk must no longer be needed.
      let old = held[slot][buffer]
      if old.chunk >= 0 {
        try #require(delivered[layer[slot], default: []].contains(old.chunk))
        try #require(hashed[layer[slot], default: []].contains(old.chunk))
        try #require(
          !test.compresses
            || compressed[layer[slot], default: []].contains(old.chunk + (test.hasHistory ? 1 : 0)))
      }
      held[slot][buffer] = (prepared[slot], false, false)
      if test.compresses, !test.hasHistory {
        try #require(needed.insert([slot, buffer]).inserted)
        try #require(needed.count <= test.pieces)
      }
      prepared[slot] += 1
      // Prepared at once: another thread may prepare the next chunk before this one is loaded.
      state.prepared(slot: slot, isLast: prepared[slot] == test.layers[layer[slot]])
    case .hash(let slot, let buffer):
      let chunk = held[slot][buffer]
      try #require(chunk.chunk == hashed[layer[slot], default: []].count && chunk.isLoaded)
      try #require(!test.compresses || test.hasHistory || needed.contains([slot, buffer]))
    case .compress(let slot, let buffer, let previous):
      let chunk = held[slot][buffer]
      try #require(chunk.isLoaded && !chunk.isCompressed)
      try #require((previous == nil) == (chunk.chunk == 0 || !test.hasHistory))
      if let previous {
        let before = held[slot][previous]
        try #require(before.chunk == chunk.chunk - 1 && before.isLoaded)
      }
    case .deliver(let slot, let buffer):
      let chunk = held[slot][buffer]
      try #require(chunk.chunk == delivered[layer[slot], default: []].count)
      try #require(chunk.isLoaded && chunk.isCompressed == test.compresses)
    case .finish, .stop: break
    }
  }

  mutating func finish(_ job: PipelineState.Job) throws {
    switch job {
    case .fill(let slot, let buffer):
      held[slot][buffer].isLoaded = true
      _ = state.loaded(slot: slot, buffer: buffer, waited: random & 1 == 0)
    case .hash(let slot, let buffer):
      hashed[layer[slot], default: []].append(held[slot][buffer].chunk)
      try release(state.hashed(slot: slot), slot, buffer)
    case .compress(let slot, let buffer, _):
      held[slot][buffer].isCompressed = true
      compressed[layer[slot], default: []].insert(held[slot][buffer].chunk)
      try release(state.compressed(slot: slot, buffer: buffer), slot, buffer)
    case .deliver(let slot, let buffer):
      delivered[layer[slot], default: []].append(held[slot][buffer].chunk)
      state.delivered(slot: slot)
    case .finish(let slot):
      finished.append(layer[slot])
      held[slot] = Array(repeating: (-1, true, true), count: test.buffers)
      prepared[slot] = 0
      let next = waiting.popFirst()
      if let next { layer[slot] = next }
      state.finished(slot: slot, hasNext: next != nil)
    case .stop: break
    }
  }

  /// Bytes are released once, as soon as the chunk is hashed and compressed.
  mutating func release(_ isReleased: Bool, _ slot: Int, _ buffer: Int) throws {
    let chunk = held[slot][buffer]
    let isDone = chunk.isCompressed && hashed[layer[slot], default: []].contains(chunk.chunk)
    try #require(isReleased == (isDone && test.compresses && !test.hasHistory))
    if isReleased { try #require(needed.remove([slot, buffer]) != nil) }
  }
}
