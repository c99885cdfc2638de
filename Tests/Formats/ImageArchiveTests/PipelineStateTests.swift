import Diagnostics
import Testing

@testable import ImageArchive

/// Whatever order threads get to their work in, every chunk goes its way, in order where that counts.
@Suite struct PipelineStateTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var lanes = 2
    var helpers = 1
    var loaders = 0
    var places = 6
    var window = 6
    var compresses = false
    /// The numbers of chunks of the layers.
    var layers = [7, 3, 1, 20, 1]

    var testDescription: String {
      "\(lanes) lanes, \(helpers) helpers, \(loaders) loaders, places \(places), window \(window), "
        + "\(compresses ? "compressed" : "plain"), layers \(layers)"
    }
  }

  static let cases = [
    Case(), Case(lanes: 1), Case(helpers: 0), Case(lanes: 1, helpers: 0, places: 3, window: 1),
    Case(helpers: 7, loaders: 5, places: 16, window: 2), Case(compresses: true),
    Case(lanes: 1, compresses: true),
    Case(lanes: 1, helpers: 0, places: 3, window: 2, compresses: true),
    Case(helpers: 9, loaders: 3, places: 4, window: 4, compresses: true),
  ]

  @Test(.timeLimit(.minutes(1)), arguments: cases)
  func everyChunkIsDeliveredInOrder(_ test: Case) throws {
    for seed in 0..<200 {
      var simulation = Simulation(test, seed: UInt64(seed + 1))
      try simulation.run()
      #expect(simulation.finished.sorted() == Array(test.layers.indices), "seed \(seed)")
      for (layer, count) in test.layers.enumerated() {
        #expect(simulation.delivered[layer] == Array(0..<count), "seed \(seed)")
        #expect(simulation.hashed[layer] == Array(0..<count), "seed \(seed)")
      }
    }
  }

  @Test func afterAFailureThereIsNothingToDo() {
    var state = PipelineState(lanes: 1, places: 4, window: 4, compresses: false)
    #expect(state.job(for: .helper) == .fill(lane: 0, place: 0))
    state.fail(Failure(.badData, "b", ""), ofLayer: 1)
    state.fail(Failure(.badData, "a", ""), ofLayer: 0)
    #expect(state.job(for: .helper) == .stop)
    #expect(state.job(for: .deliverer) == .stop)
    #expect(state.job(for: .loader) == .stop)
    #expect(state.firstFailure?.subject == "a")
  }

  @Test func aColdDiskWidensTheWindow() {
    var state = PipelineState(lanes: 1, places: 16, window: 1, compresses: false)
    for chunk in 0..<4 {
      // The same memory again and again.
      #expect(state.job(for: .loader) == .fill(lane: 0, place: 0))
      state.laidOut(lane: 0, isLast: false)
      #expect(state.job(for: .loader) == nil)
      #expect(state.loaded(lane: 0, place: 0, waited: true) == (chunk == 3))
      #expect(state.job(for: .deliverer) == .deliver(lane: 0, place: 0))
      state.delivered(lane: 0)
      #expect(state.job(for: .helper) == .hash(lane: 0, place: 0))
      state.hashed(lane: 0)
    }
    var filled = 0
    while case .fill = state.job(for: .loader) {
      state.laidOut(lane: 0, isLast: false)
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
  /// The layer of each lane.
  var layer: [Int]
  var waiting: ArraySlice<Int>
  var delivered: [Int: [Int]] = [:]
  var hashed: [Int: [Int]] = [:]
  var compressed: [Int: Set<Int>] = [:]
  var finished: [Int] = []
  /// How many chunks of each lane have been laid out.
  var laidOut: [Int]
  /// The chunk that each place of a lane holds, and how far it is.
  var held: [[(chunk: Int, isLoaded: Bool, isCompressed: Bool)]]

  init(_ test: PipelineStateTests.Case, seed: UInt64) {
    self.test = test
    random = seed &* 0x9E37_79B9_7F4A_7C15
    let lanes = min(test.lanes, test.layers.count)
    state = PipelineState(lanes: lanes, places: test.places, window: test.window, compresses: test.compresses)
    running = Array(repeating: nil, count: 1 + test.helpers + test.loaders)
    layer = Array(0..<lanes)
    waiting = Array(test.layers.indices)[lanes...]
    laidOut = Array(repeating: 0, count: lanes)
    held = Array(repeating: Array(repeating: (-1, true, true), count: test.places), count: lanes)
  }

  func role(_ thread: Int) -> PipelineState.Role {
    thread == 0 ? .deliverer : thread <= test.helpers ? .helper : .loader
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
        // When nobody works there must be something to do for the one who does everything.
        let next = state.job(for: .deliverer)
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
    case .fill(let lane, let place):
      // What is overwritten must not be needed any more.
      let old = held[lane][place]
      if old.chunk >= 0 {
        try #require(delivered[layer[lane], default: []].contains(old.chunk))
        try #require(hashed[layer[lane], default: []].contains(old.chunk))
        try #require(!test.compresses || compressed[layer[lane], default: []].contains(old.chunk + 1))
      }
      held[lane][place] = (laidOut[lane], false, false)
      laidOut[lane] += 1
      // Laid out at once: another thread may go on with the next chunk before this one is loaded.
      state.laidOut(lane: lane, isLast: laidOut[lane] == test.layers[layer[lane]])
    case .hash(let lane, let place):
      let chunk = held[lane][place]
      try #require(chunk.chunk == hashed[layer[lane], default: []].count && chunk.isLoaded)
    case .compress(let lane, let place, let previous):
      let chunk = held[lane][place]
      try #require(chunk.isLoaded && !chunk.isCompressed)
      try #require((previous == nil) == (chunk.chunk == 0))
      if let previous {
        let before = held[lane][previous]
        try #require(before.chunk == chunk.chunk - 1 && before.isLoaded)
      }
    case .deliver(let lane, let place):
      let chunk = held[lane][place]
      try #require(chunk.chunk == delivered[layer[lane], default: []].count)
      try #require(chunk.isLoaded && chunk.isCompressed == test.compresses)
    case .finish, .stop: break
    }
  }

  mutating func finish(_ job: PipelineState.Job) throws {
    switch job {
    case .fill(let lane, let place):
      held[lane][place].isLoaded = true
      _ = state.loaded(lane: lane, place: place, waited: random & 1 == 0)
    case .hash(let lane, let place):
      hashed[layer[lane], default: []].append(held[lane][place].chunk)
      state.hashed(lane: lane)
    case .compress(let lane, let place, _):
      held[lane][place].isCompressed = true
      compressed[layer[lane], default: []].insert(held[lane][place].chunk)
      state.compressed(lane: lane, place: place)
    case .deliver(let lane, let place):
      delivered[layer[lane], default: []].append(held[lane][place].chunk)
      state.delivered(lane: lane)
    case .finish(let lane):
      finished.append(layer[lane])
      held[lane] = Array(repeating: (-1, true, true), count: test.places)
      laidOut[lane] = 0
      let next = waiting.popFirst()
      if let next { layer[lane] = next }
      state.finished(lane: lane, hasNext: next != nil)
    case .stop: break
    }
  }
}
