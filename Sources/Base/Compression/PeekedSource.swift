import Diagnostics

/// A source whose first bytes are known before they are read, for example to recognise a format.
public final class PeekedSource: ByteSource {
  private let source: any ByteSource
  /// The first bytes of the source, whatever was read since; fewer than asked for if it ends before.
  public let start: [UInt8]
  private var position = 0

  /// Reads the first bytes of a source; reading from this one starts with them.
  public init(_ source: any ByteSource, count: Int) throws(Failure) {
    self.source = source
    var bytes = [UInt8](repeating: 0, count: count)
    let found = try bytes.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) }
    start = Array(bytes[..<found])
  }

  /// The name of the source.
  public var name: String { source.name }

  /// The compression format that the first bytes show; nil for none.
  public var format: CompressionFormat? { CompressionFormat(startingWith: start) }

  /// Reads the first bytes, then those of the source.
  public func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    guard position < start.count else { return try source.readSome(into: buffer) }
    let count = min(start.count - position, buffer.count)
    buffer.copyBytes(from: start[position..<(position + count)])
    position += count
    return count
  }
}
