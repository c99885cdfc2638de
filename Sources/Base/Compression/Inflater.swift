import CZlib
import Diagnostics

/// Decompresses gzip from any source; several members in a row are one stream (RFC 1952, 2.2).
///
/// Zero bytes after the last member are skipped, as gzip(1) does. A stream that ends early is an error.
public final class Inflater: ByteSource {
  private let source: any ByteSource
  private let input: UnsafeMutableRawBufferPointer
  /// zlib keeps a pointer to its stream, so the stream must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var state = State.between
  /// A failure after the bytes that were returned.
  private var failure: Failure?

  private enum State {
    case between
    case inside
    case ended
  }

  /// Decompresses the bytes of a source.
  public init(_ source: any ByteSource) throws(Failure) {
    self.source = source
    input = .allocate(byteCount: 1 << 16, alignment: 16)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    if img_inflate_init(stream, 15 + 16) != Z_OK {
      throw Failure(.internalError, source.name, "zlib cannot start")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// The name of the compressed source.
  public var name: String { source.name }

  /// Fills a buffer with decompressed bytes; returns their number, less than the buffer's only at the end.
  public func readSome(into output: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(output.count)
    if let failure { throw failure }
    do throws(Failure) {
      while stream.pointee.avail_out > 0, state != .ended { try step() }
    } catch {
      failure = error
      if stream.pointee.avail_out == output.count { throw error }
    }
    return output.count - Int(stream.pointee.avail_out)
  }

  private func step() throws(Failure) {
    if stream.pointee.avail_in == 0 { try refill() }
    switch state {
    case .ended: break
    case .between: startMember()
    case .inside: try inflateSome()
    }
  }

  private func refill() throws(Failure) {
    let count = try source.readSome(into: input)
    if count == 0 {
      if state == .inside { throw damaged("unexpected end") }
      state = .ended
    }
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(count)
  }

  /// Skips zero padding between members, and starts the next member if there is one.
  ///
  /// No `+=`: the compiler (6.3) cannot instrument it here for the thread sanitizer.
  private func startMember() {
    while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
      stream.pointee.next_in = stream.pointee.next_in + 1
      stream.pointee.avail_in = stream.pointee.avail_in - 1
    }
    if stream.pointee.avail_in > 0 {
      inflateReset(stream)
      state = .inside
    }
  }

  private func inflateSome() throws(Failure) {
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: state = .between
    default: throw damaged(stream.pointee.msg.map { String(cString: $0) } ?? "damaged")
    }
  }

  private func damaged(_ reason: String) -> Failure { Failure(.badData, name, "gzip: \(reason)") }
}
