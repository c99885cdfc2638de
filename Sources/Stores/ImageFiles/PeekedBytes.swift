import Compression
import Diagnostics

/// A source of bytes whose first bytes can be looked at before they are read.
final class PeekedBytes: ByteSource {
  private let source: any ByteSource
  private var start: [UInt8] = []

  init(_ source: any ByteSource) {
    self.source = source
  }

  var name: String { source.name }

  /// The first bytes, which later reads return again; fewer at the end.
  func peek(_ count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let found = try bytes.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) }
    start = Array(bytes[..<found])
    return start
  }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    guard !start.isEmpty else { return try source.readSome(into: buffer) }
    let count = min(start.count, buffer.count)
    buffer.copyBytes(from: start[..<count])
    start.removeFirst(count)
    return count
  }
}
