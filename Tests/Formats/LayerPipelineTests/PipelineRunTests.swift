import Compression
import Diagnostics
import Digests
import Foundation
import ImageModel
import ImageSource
import LayerPipeline
import POSIX
import Testing

/// A pipeline delivers layers whole and verified, on several threads.
@Suite(.timeLimit(.minutes(5))) struct PipelineRunTests {
  private static let chunk = 512 << 10

  /// A layer of zeros.
  private func layer(
    _ size: Int, isSized: Bool = true, _ load: @escaping @Sendable (Int) -> Bool? = { _ in nil }
  )
    -> SourceLayer
  {
    let digest = SHA256.digest(of: [UInt8](repeating: 0, count: size))
    return SourceLayer(
      Layer(diffID: digest, size: isSized ? UInt64(size) : nil), .assembled(Zeros(size: size, load: load)))
  }

  private func run(
    _ layers: [SourceLayer], threads: Int = 2, inOrder: Bool = false, offsets: [UInt64] = []
  ) throws -> Recorder {
    let recorder = Recorder()
    try LayerPipeline(nil, threads: threads).run(layers, inOrder: inOrder, offsets: offsets, to: recorder)
    return recorder
  }

  @Test func layersInOrderFollowOneAnother() throws {
    let layers = [3, 1, 2].map { layer($0 * Self.chunk) }
    #expect(try run(layers, inOrder: true).order == ["+0", "-0", "+1", "-1", "+2", "-2"])
  }

  /// The largest first, so that the slots finish at about the same time; one of unknown size may be the largest.
  @Test func otherLayersAreInProgressTwoAtATime() throws {
    let sizes = [1, 5, 3, 2, 4, 0]
    let layers = sizes.map { layer($0 * Self.chunk) } + [layer(10, isSized: false)]
    let order = try run(layers).order
    #expect(order.filter { $0.hasPrefix("+") } == ["+6", "+1", "+4", "+2", "+3", "+0", "+5"])
    #expect(order.prefix(2).allSatisfy { $0.hasPrefix("+") })
    var inProgress = 0
    for event in order {
      inProgress += event.hasPrefix("+") ? 1 : -1
      #expect(inProgress <= 2)
    }
    #expect(inProgress == 0)
  }

  @Test(arguments: [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk])
  func everyByteIsDelivered(size: Int) throws {
    for isSized in [true, false] {
      let recorder = try run([layer(size, isSized: isSized)])
      #expect(recorder.chunks[0]?.reduce(0, +) == size)
      #expect(recorder.sizes == [0: UInt64(size)])
    }
  }

  /// The kernel copies whole pages faster.
  @Test func laterChunksStartAtAPageOfTheOutput() throws {
    let offsets: [UInt64] = [5000, 8192, 100]
    let layers = offsets.map { _ in layer(2 * Self.chunk + 10) } + [layer(Self.chunk)]
    let recorder = try run(layers, offsets: offsets)
    for (number, offset) in offsets.enumerated() {
      var position = Int(offset)
      for count in try #require(recorder.chunks[number]).dropLast() {
        position += count
        #expect(position % 4096 == 0)
      }
    }
    #expect(recorder.chunks[1]?.first == Self.chunk)
    #expect(recorder.chunks[3]?.first == Self.chunk)
  }

  @Test func alsoASlotsSecondLayerStartsAtAPage() throws {
    let layers = (0..<3).map { _ in layer(2 * Self.chunk) }
    let recorder = try run(layers, inOrder: true, offsets: [0, 0, 1000])
    #expect(recorder.chunks[2] == [Self.chunk - 1000, Self.chunk, 1000])
  }

  /// Each chunk waits for another thread that loads the other one.
  @Test func severalThreadsLoad() throws {
    let meeting = Meeting()
    _ = try run([layer(2 * Self.chunk) { _ in !meeting.join() }])
    #expect(meeting.wereTogether)
  }

  /// Reads that wait for the disk are worth more threads than the processors.
  @Test func afterFourWaitsForTheDiskMoreThreadsLoad() throws {
    let meeting = Meeting()
    let size = 12 * Self.chunk
    _ = try run(
      [
        layer(size) { number in
          if number >= 6 { _ = meeting.join() }
          return true
        }
      ], threads: 1)
    #expect(meeting.wereTogether)
  }

  /// A block that is hashed and compressed gives its memory back; all threads together hold one each.
  @Test(arguments: [1, 2, 4])
  func largeBlocksHoldAsMuchMemoryAsThereAreThreads(threads: Int) throws {
    let codec = CountingCodec()
    let sizes = [40, 3, 25].map { $0 * 1_000_000 }
    let recorder = Recorder()
    try LayerPipeline(codec, threads: threads).run(
      sizes.map { layer($0) }, inOrder: false, to: recorder)
    for (number, size) in sizes.enumerated() {
      #expect(recorder.chunks[number]?.reduce(0, +) == size)
      #expect(recorder.compressed[number] == (size + codec.blockSize - 1) / codec.blockSize)
    }
    #expect(codec.places.withLock { $0.count } <= threads)
  }

  @Test func anAbsentLayerCannotBeDelivered() {
    let layer = Layer(diffID: SHA256.digest(of: []), size: 0)
    let failure = #expect(throws: Failure.self) { try run([SourceLayer(layer, .absent)]) }
    #expect(failure == Failure(.internalError, "layer \(layer.diffID)", "has no content"))
  }

  @Test func aFailureOfTheWriterEndsTheRun() throws {
    for step in Recorder.Step.allCases {
      let recorder = Recorder(failing: step)
      let failure = #expect(throws: Failure.self) {
        try LayerPipeline(nil, threads: 2).run(
          [layer(3 * Self.chunk), layer(Self.chunk)], inOrder: true, to: recorder)
      }
      #expect(failure == Failure(.inputOutput, "output", "\(step)"))
      #expect(!recorder.order.contains("+1"))
    }
  }
}

/// Two threads that wait for each other.
private final class Meeting: Sendable {
  private let state = Lock((count: 0, wereTogether: false))
  private let semaphore = DispatchSemaphore(value: 0)

  /// Whether another thread came while this one was here.
  var wereTogether: Bool { state.withLock { $0.wereTogether } }

  /// Waits for another thread, for a few seconds at most; returns whether one came.
  func join() -> Bool {
    let isFirst = state.withLock { state in
      state.count += 1
      return state.count == 1
    }
    if isFirst {
      let came = semaphore.wait(timeout: .now() + 5) == .success
      state.withLock { $0.wereTogether = came }
      return came
    }
    semaphore.signal()
    return true
  }
}

/// Records what a pipeline delivers.
private final class Recorder: LayerWriter {
  enum Step: CaseIterable {
    case begin, take, end
  }

  private let failing: Step?
  /// `+N` for the begin of a layer, `-N` for its end.
  private(set) var order: [String] = []
  /// The numbers of bytes of the chunks of each layer.
  private(set) var chunks: [Int: [Int]] = [:]
  private(set) var sizes: [Int: UInt64] = [:]
  /// The numbers of compressed blocks.
  private(set) var compressed: [Int: Int] = [:]

  init(failing: Step? = nil) {
    self.failing = failing
  }

  private func fail(_ step: Step) throws(Failure) {
    if step == failing { throw Failure(.inputOutput, "output", "\(step)") }
  }

  func begin(_ number: Int) throws(Failure) {
    order.append("+\(number)")
    chunks[number] = []
    try fail(.begin)
  }

  func take(_ chunk: Chunk, of number: Int) throws(Failure) {
    try fail(.take)
    chunks[number]?.append(chunk.count)
    // An empty layer, and one of whole blocks, ends with an empty block.
    if chunk.count > 0, chunk.compressed != nil { compressed[number, default: 0] += 1 }
  }

  func end(_ number: Int, size: UInt64) throws(Failure) {
    try fail(.end)
    order.append("-\(number)")
    sizes[number] = size
  }
}

/// A layer of zeros; `load` is called with the number of each chunk, and returns whether it waited, nil for no load.
private struct Zeros: LayerSource {
  let name = "zeros"
  let size: Int
  let load: @Sendable (Int) -> Bool?

  func open() throws(Failure) -> any LayerReader { Reader(self) }

  private final class Reader: LayerReader {
    private let source: Zeros
    private var position = 0
    private var number = 0

    init(_ source: Zeros) {
      self.source = source
    }

    func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> PendingPiece {
      let count = min(buffer.count, source.size - position)
      position += count
      let (number, load) = (number, source.load)
      self.number += 1
      return PendingPiece(count: count) { buffer in
        _ = buffer.prefix(count).initializeMemory(as: UInt8.self, repeating: 0)
        return load(number) ?? false
      }
    }
  }
}

/// A codec of large blocks that notes where the blocks were.
private final class CountingCodec: Codec {
  /// The addresses of all blocks.
  let places = Lock<Set<UInt>>([])
  var suffix: String { "counting" }
  var description: String { "counting" }
  var blockSize: Int { 2 << 20 }
  var historySize: Int { 0 }

  func capacity(forBlockOf size: Int) -> Int { 1 }
  func encoder() throws(Failure) -> any BlockEncoder { Encoder(self) }
  func frame() -> any CodecFrame { Frame() }

  private final class Encoder: BlockEncoder {
    private let codec: CountingCodec

    init(_ codec: CountingCodec) {
      self.codec = codec
    }

    func encode(
      _ block: UnsafeRawBufferPointer, history: UnsafeRawBufferPointer,
      into output: UnsafeMutableRawBufferPointer
    ) throws(Failure) -> EncodedBlock {
      let place = UInt(bitPattern: block.baseAddress)
      codec.places.withLock { _ = $0.insert(place) }
      return EncodedBlock(count: 1)
    }
  }

  private struct Frame: CodecFrame {
    var header: [UInt8] { [] }
    mutating func append(checksum: UInt32, count: Int) {}
    var trailer: [UInt8] { [] }
  }
}
