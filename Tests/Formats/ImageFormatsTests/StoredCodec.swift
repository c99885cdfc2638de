import Compression
import Diagnostics

/// A codec that compresses nothing, for tests of what depends on the name of a codec only.
struct StoredCodec: Codec {
  let suffix: String
  var description: String { suffix }
  var historySize: Int { 0 }

  func capacity(forBlockOf size: Int) -> Int { size }
  func encoder() throws(Failure) -> any BlockEncoder { Encoder() }
  func frame() -> any CodecFrame { Frame() }

  private final class Encoder: BlockEncoder {
    func encode(
      _ block: UnsafeRawBufferPointer, history: UnsafeRawBufferPointer,
      into output: UnsafeMutableRawBufferPointer
    ) throws(Failure) -> EncodedBlock {
      output.copyMemory(from: block)
      return EncodedBlock(count: block.count)
    }
  }

  private struct Frame: CodecFrame {
    var header: [UInt8] { Array("stored".utf8) }
    mutating func append(checksum: UInt32, count: Int) {}
    var trailer: [UInt8] { [] }
  }
}
