import Diagnostics

/// Bytes that are read from start to end: a file, a part of one, or the output of a decoder.
public protocol ByteSource: AnyObject {
  /// The source's name in messages, usually a path.
  var name: String { get }

  /// Reads the next bytes into a buffer: at least one, as many as are ready, 0 at the end.
  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int
}

extension ByteSource {
  /// Fills a buffer with the next bytes; returns their number, less than the buffer's only at the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try readSome(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
    }
    return filled
  }
}

/// A source that can pass over bytes without reading them: a regular file.
public protocol SkippableByteSource: ByteSource {
  /// Passes over the next bytes; returns their number, less than `count` only at the end.
  func skip(_ count: UInt64) throws(Failure) -> UInt64
}
