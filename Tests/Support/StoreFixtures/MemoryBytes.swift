import Compression
import Diagnostics

/// Bytes in memory as a source.
public final class MemoryBytes: ByteSource {
  /// The name of the source in messages.
  public let name: String
  private var rest: ArraySlice<UInt8>

  /// A source of some bytes.
  public init(_ bytes: [UInt8], name: String = "memory") {
    self.name = name
    rest = bytes[...]
  }

  /// Fills the buffer as far as there are bytes.
  public func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    let part = rest.prefix(buffer.count)
    buffer.copyBytes(from: part)
    rest = rest.dropFirst(part.count)
    return part.count
  }
}
