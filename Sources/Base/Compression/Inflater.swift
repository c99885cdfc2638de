import Diagnostics

/// Decompresses gzip from any source; several members in a row are one stream (RFC 1952, 2.2).
///
/// Zero bytes after a member are skipped, as gzip(1) does, up to a limit: a sparse file may have any number. A stream
/// that ends early is an error.
public final class Inflater: ByteSource {
  private let source: any ByteSource
  private let engine: any InflateEngine
  private let input: UnsafeMutableRawBufferPointer
  /// The bytes of `input` that are not used yet.
  private var unused = 0..<0
  private var state = State.between
  /// The zero bytes since the last member.
  private var padding = 0
  /// The most zero bytes behind a member; tapes have blocks of up to 16 MiB.
  private static let paddingLimit = 16 << 20
  /// A failure after the bytes that were returned.
  private var failure: Failure?

  private enum State {
    case between
    case inside
    case ended
  }

  /// Decompresses the bytes of a source with an engine.
  public init(_ source: any ByteSource, _ engine: any InflateEngine) {
    self.source = source
    self.engine = engine
    input = .allocate(byteCount: 1 << 16, alignment: 16)
  }

  /// Decompresses the bytes of a source with the engine of the process.
  public convenience init(_ source: any ByteSource) throws(Failure) {
    self.init(source, try InflateEngines.make())
  }

  deinit {
    input.deallocate()
  }

  /// The name of the compressed source.
  public var name: String { source.name }

  /// Fills a buffer with decompressed bytes; returns their number, less than the buffer's only at the end.
  public func readSome(into output: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    if let failure { throw failure }
    var count = 0
    do throws(Failure) {
      while count < output.count, state != .ended {
        count += try step(into: UnsafeMutableRawBufferPointer(rebasing: output[count...]))
      }
    } catch {
      failure = error
      if count == 0 { throw error }
    }
    return count
  }

  private func step(into output: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    let isLast = unused.isEmpty ? try !refill() : false
    if state == .between { try startMember(isLast) }
    guard state == .inside else { return 0 }
    let progress: InflateProgress
    do throws(GzipDamage) {
      progress = try engine.inflate(UnsafeRawBufferPointer(rebasing: input[unused]), into: output)
    } catch {
      throw damaged(error.reason)
    }
    unused = (unused.lowerBound + progress.consumed)..<unused.upperBound
    if progress.memberEnds {
      state = .between
    } else if progress.consumed == 0, progress.produced == 0 {
      throw damaged(isLast ? "unexpected end" : "damaged")
    }
    return progress.produced
  }

  /// Reads more input; returns false at the end.
  private func refill() throws(Failure) -> Bool {
    unused = 0..<(try source.readSome(into: input))
    return !unused.isEmpty
  }

  /// Skips zero padding between members, and starts the next member if there is one.
  private func startMember(_ isLast: Bool) throws(Failure) {
    let start = unused.first { input[$0] != 0 }
    padding += (start ?? unused.upperBound) - unused.lowerBound
    guard padding <= Inflater.paddingLimit else {
      throw damaged("more than \(Inflater.paddingLimit) zero bytes behind a member")
    }
    unused = (start ?? unused.upperBound)..<unused.upperBound
    if start != nil {
      padding = 0
      engine.begin()
      state = .inside
    } else if isLast {
      state = .ended
    }
  }

  private func damaged(_ reason: String) -> Failure { Failure(.badData, name, "gzip: \(reason)") }
}
