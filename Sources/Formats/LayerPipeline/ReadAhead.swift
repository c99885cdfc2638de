import Compression
import Diagnostics
import POSIX

/// Reads a source on another thread, some buffers ahead of its reader.
///
/// Only that thread uses the source until the end, or until a failure. Releasing this object waits for the read
/// in progress.
public final class ReadAhead: ByteSource {
  /// The size of a buffer in bytes.
  private static let bufferSize = 512 << 10
  private static let bufferCount = 4

  /// The name of the source.
  public let name: String
  private let monitor: Monitor<State>
  private let buffers: [UnsafeMutableRawBufferPointer]
  private let threads = ThreadGroup()
  /// The source, if no thread could be started.
  private var direct: (any ByteSource)?
  /// The bytes of the first full buffer that were not read yet.
  private var current: UnsafeRawBufferPointer?

  private struct State {
    /// The buffers to fill, in order.
    var empty: [Int]
    /// The filled buffers, in order, with the number of their bytes.
    var full: [(buffer: Int, count: Int)] = []
    /// How the source ended; nil before.
    var end: Result<Void, Failure>?
    var isReleased = false
  }

  /// What the reading thread does next.
  private enum Step {
    case fill(Int)
    case stop
  }

  /// Starts to read a source.
  ///
  /// - Parameters:
  ///   - source: What to read.
  ///   - observe: Called on the other thread with all bytes in order.
  public init(
    _ source: any ByteSource, observe: @escaping @Sendable (UnsafeRawBufferPointer) -> Void = { _ in }
  ) {
    name = source.name
    let buffers = (0..<ReadAhead.bufferCount).map { _ in
      UnsafeMutableRawBufferPointer.allocate(byteCount: ReadAhead.bufferSize, alignment: 4096)
    }
    self.buffers = buffers
    let monitor = Monitor(State(empty: Array(buffers.indices)))
    self.monitor = monitor
    nonisolated(unsafe) let shared = (source: source, buffers: buffers)
    let isRunning = threads.start {
      ReadAhead.fill(shared.buffers, from: shared.source, monitor, observe)
    }
    if !isRunning { direct = source }
  }

  deinit {
    monitor.change { $0.isReleased = true }
    threads.wait()
    for buffer in buffers { buffer.deallocate() }
  }

  /// Reads bytes of the source, at most those of one buffer.
  public func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    if let direct { return try direct.readSome(into: buffer) }
    guard let piece = try piece() else { return 0 }
    let count = min(buffer.count, piece.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece[..<count]))
    if count < piece.count {
      current = UnsafeRawBufferPointer(rebasing: piece[count...])
    } else {
      current = nil
      monitor.change { $0.empty.append($0.full.removeFirst().buffer) }
    }
    return count
  }

  /// The next bytes that are ready; nil at the end.
  private func piece() throws(Failure) -> UnsafeRawBufferPointer? {
    if let current { return current }
    let next: Result<(buffer: Int, count: Int)?, Failure> = monitor.wait { state in
      if let next = state.full.first { return .success(next) }
      return state.end?.map { nil }
    }
    guard let (buffer, count) = try next.get() else { return nil }
    current = UnsafeRawBufferPointer(rebasing: buffers[buffer][..<count])
    return current
  }

  private static func fill(
    _ buffers: [UnsafeMutableRawBufferPointer], from source: any ByteSource, _ monitor: Monitor<State>,
    _ observe: (UnsafeRawBufferPointer) -> Void
  ) {
    while true {
      let next = monitor.wait { state -> Step? in
        if state.isReleased { return .stop }
        return state.empty.isEmpty ? nil : .fill(state.empty.removeFirst())
      }
      guard case .fill(let next) = next else { return }
      do throws(Failure) {
        // What is ready, so that the reader of a pipe does not wait for a whole buffer.
        let count = try source.readSome(into: buffers[next])
        observe(UnsafeRawBufferPointer(rebasing: buffers[next][..<count]))
        let isAtEnd = monitor.change { state in
          if count > 0 { state.full.append((next, count)) } else { state.end = .success(()) }
          return count == 0
        }
        if isAtEnd { return }
      } catch {
        return monitor.change { $0.end = .failure(error) }
      }
    }
  }
}
