import Compression
import Diagnostics

/// A codec for tests: the complemented bytes, between a header and a byte count.
struct MirrorCodec: Codec {
  var suffix: String { "mirror" }
  var description: String { "mirror" }
  var historySize: Int { 0 }

  func capacity(forBlockOf size: Int) -> Int { size }
  func encoder() throws(Failure) -> any BlockEncoder { Encoder() }
  func frame() -> any CodecFrame { Frame() }

  /// The decoded layer; nil for data that the codec did not write.
  static func decoded(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.starts(with: Array("MIRROR".utf8)), bytes.count >= 14 else { return nil }
    let count = bytes.suffix(8).reduce(0) { $0 << 8 | Int($1) }
    let body = bytes.dropFirst(6).dropLast(8)
    return body.count == count ? body.map { ~$0 } : nil
  }

  private final class Encoder: BlockEncoder {
    func encode(
      _ block: UnsafeRawBufferPointer, history: UnsafeRawBufferPointer,
      into output: UnsafeMutableRawBufferPointer
    ) throws(Failure) -> EncodedBlock {
      for index in block.indices { output[index] = ~block[index] }
      return EncodedBlock(count: block.count)
    }
  }

  private struct Frame: CodecFrame {
    private var size = 0
    var header: [UInt8] { Array("MIRROR".utf8) }
    mutating func append(checksum: UInt32, count: Int) { size += count }
    var trailer: [UInt8] { (0..<8).reversed().map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) } }
  }
}
