import Testing

@testable import LayerPipeline

/// The next job for a thread: a slot that must wait holds up no other.
@Suite struct JobChoiceTests {
  private func state(
    slots: Int, window: Int = 4, compresses: Bool = false, hasHistory: Bool = false,
    limits: PipelineState.Limits = PipelineState.Limits()
  ) -> PipelineState {
    PipelineState(
      slots: slots, buffers: 4, window: window, compresses: compresses, hasHistory: hasHistory, limits: limits)
  }

  /// Prepares and loads a chunk of the slot that is next.
  private func fill(
    _ state: inout PipelineState, expecting slot: Int, isLast: Bool = false, loads: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let job = state.job(for: .loader)
    guard case .fill(slot, let buffer) = job else {
      Issue.record("\(job as Any) instead of a chunk for slot \(slot)", sourceLocation: sourceLocation)
      return
    }
    state.prepared(slot: slot, isLast: isLast)
    if loads { _ = state.loaded(slot: slot, buffer: buffer, waited: false) }
  }

  @Test func oneChunkOfALayerIsPreparedAtATime() {
    var state = state(slots: 1)
    #expect(state.job(for: .helper) == .fill(slot: 0, buffer: 0))
    #expect(state.job(for: .helper) == nil)
    state.prepared(slot: 0, isLast: false)
    #expect(state.job(for: .helper) == .fill(slot: 0, buffer: 1))
  }

  @Test func oneChunkOfALayerIsHashedAtATime() throws {
    var state = state(slots: 1, window: 2)
    for _ in 0..<2 { try fill(&state, expecting: 0) }
    #expect(state.job(for: .helper) == .hash(slot: 0, buffer: 0))
    #expect(state.job(for: .helper) == nil)
    state.hashed(slot: 0)
    #expect(state.job(for: .helper) == .hash(slot: 0, buffer: 1))
  }

  @Test func theWriterPassesOverALayerThatIsBeingLoaded() throws {
    var state = state(slots: 2, window: 1)
    try fill(&state, expecting: 0, loads: false)
    try fill(&state, expecting: 1)
    #expect(state.job(for: .writer) == .deliver(slot: 1, buffer: 0))
  }

  @Test func theHashPassesOverALayerThatIsBeingLoaded() throws {
    var state = state(slots: 2, window: 1)
    try fill(&state, expecting: 0, loads: false)
    try fill(&state, expecting: 1)
    #expect(state.job(for: .helper) == .hash(slot: 1, buffer: 0))
  }

  @Test func aLayerWithAFullWindowIsPassedOver() throws {
    var state = state(slots: 2, window: 1)
    try fill(&state, expecting: 0)
    try fill(&state, expecting: 1)
    #expect(state.job(for: .loader) == nil)
    state.delivered(slot: 1)
    state.hashed(slot: 1)
    #expect(state.job(for: .loader) == .fill(slot: 1, buffer: 0))
  }

  @Test func theLayerWithTheFewestChunksInProgressIsFilled() throws {
    var state = state(slots: 3)
    for _ in 0..<2 { for slot in 0..<3 { try fill(&state, expecting: slot) } }
    for (slot, count) in [(0, 1), (2, 2)] {
      for _ in 0..<count {
        state.delivered(slot: slot)
        state.hashed(slot: slot)
      }
    }
    try fill(&state, expecting: 2)
  }

  @Test func theLayerWithTheMostChunksToHashIsHashed() throws {
    var state = state(slots: 3)
    try fill(&state, expecting: 0)
    try fill(&state, expecting: 1, isLast: true)
    try fill(&state, expecting: 2)
    try fill(&state, expecting: 0, isLast: true)
    for _ in 0..<2 { try fill(&state, expecting: 2) }
    #expect(state.job(for: .helper) == .hash(slot: 2, buffer: 0))
  }

  /// A chunk can be compressed as soon as the one before it is there.
  @Test func aChunkIsCompressedWhileAnEarlierOneIsLoaded() throws {
    var state = state(slots: 1, window: 3, compresses: true, hasHistory: true)
    try fill(&state, expecting: 0, loads: false)
    for _ in 0..<2 { try fill(&state, expecting: 0) }
    #expect(state.job(for: .helper) == .compress(slot: 0, buffer: 2, previous: 1))
  }

  /// A single file may have left the page cache; the fourth time there is a pattern.
  @Test func onlyWaitsForTheDiskStartMoreThreads() throws {
    var state = state(slots: 1)
    var isCold: [Bool] = []
    for waited in [false, true, true, false, true, true, true, false] {
      guard case .fill(0, let buffer) = state.job(for: .loader) else {
        Issue.record("no chunk to fill")
        return
      }
      state.prepared(slot: 0, isLast: false)
      isCold.append(state.loaded(slot: 0, buffer: buffer, waited: waited))
      state.delivered(slot: 0)
      state.hashed(slot: 0)
    }
    #expect(isCold == [false, false, false, false, false, true, false, false])
  }

  @Test func allSlotsTogetherHaveAsManyChunksAsTheLimit() throws {
    var state = state(slots: 2, compresses: true, limits: .init(chunks: 3))
    for slot in [0, 1, 0] { try fill(&state, expecting: slot) }
    #expect(state.job(for: .loader) == nil)
    #expect(state.job(for: .helper) == .compress(slot: 0, buffer: 0, previous: nil))
    state.compressed(slot: 0, buffer: 0)
    state.delivered(slot: 0)
    #expect(state.job(for: .loader) == nil)
    state.hashed(slot: 0)
    try fill(&state, expecting: 0)
    #expect(state.job(for: .loader) == nil)
  }

  /// What is hashed and compressed needs its result only.
  @Test(arguments: [false, true])
  func asManyPiecesAreHeldAsTheLimit(hashesFirst: Bool) throws {
    var state = state(slots: 1, compresses: true, limits: .init(pieces: 2))
    for _ in 0..<2 { try fill(&state, expecting: 0) }
    #expect(state.job(for: .loader) == nil)
    #expect(state.job(for: .helper) == .compress(slot: 0, buffer: 0, previous: nil))
    #expect(state.job(for: .helper) == .compress(slot: 0, buffer: 1, previous: nil))
    // The second result may be there first, but it is hashed after the other.
    #expect(state.compressed(slot: 0, buffer: 1) == false)
    if hashesFirst {
      #expect(state.hashed(slot: 0) == false)
      #expect(state.compressed(slot: 0, buffer: 0) == true)
    } else {
      #expect(state.compressed(slot: 0, buffer: 0) == false)
      #expect(state.hashed(slot: 0) == true)
    }
    try fill(&state, expecting: 0)
    #expect(state.job(for: .loader) == nil)
    #expect(state.hashed(slot: 0) == true)
    try fill(&state, expecting: 0)
  }

  /// Chunks that prime the next one keep their bytes, as do plain ones.
  @Test(arguments: [(false, false), (true, true)])
  func otherPiecesStay(compresses: Bool, hasHistory: Bool) throws {
    var state = state(slots: 1, compresses: compresses, hasHistory: hasHistory, limits: .init(pieces: 1))
    for _ in 0..<2 { try fill(&state, expecting: 0) }
    if compresses { #expect(state.compressed(slot: 0, buffer: 0) == false) }
    #expect(state.hashed(slot: 0) == false)
  }

  @Test func onlyLargeBlocksAreLimited() {
    for size in [nil, 1, 512 << 10] {
      let limits = LayerPipeline.limits(size, 4)
      #expect(limits.chunks == .max && limits.pieces == .max)
    }
    let limits = LayerPipeline.limits((512 << 10) + 1, 4)
    #expect(limits.chunks == 5 && limits.pieces == 4)
  }

  @Test func memoryThatIsGivenBackIsLentAgain() {
    let pool = BlockPool(size: 100)
    let (one, two) = (pool.take(), pool.take())
    #expect(one.baseAddress != two.baseAddress && one.count == 100)
    pool.give(one)
    pool.give(two)
    // The last one is still in the cache.
    #expect(pool.take().baseAddress == two.baseAddress)
    #expect(pool.take().baseAddress == one.baseAddress)
    pool.give(one)
    pool.give(two)
  }

  @Test(arguments: [(1, 2), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (64, 4)])
  func plainLayersKeepAThreadEachBusyUpToFour(threads: Int, slots: Int) {
    #expect(LayerPipeline.slots(threads, compresses: false) == slots)
    #expect(LayerPipeline.slots(threads, compresses: true) == 2)
  }

  @Test(arguments: [(1, 16), (2, 16), (3, 10), (4, 8)])
  func slotsShareTheBuffersOfPlainLayers(slots: Int, buffers: Int) {
    #expect(LayerPipeline.buffers(nil, 8, slots: slots) == buffers)
  }
}
