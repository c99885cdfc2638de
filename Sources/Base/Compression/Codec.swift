import Diagnostics

/// A compression format in which layers are written; one conformer for each format.
///
/// Layers are cut into blocks of the codec's size. Several threads compress these independently; the results are
/// joined in order between the header and the trailer of a frame. So the bytes depend only on the data and the
/// codec.
public protocol Codec: Sendable {
  /// The media type suffix of compressed layers: `gzip` in `application/vnd.oci.image.layer.v1.tar+gzip`.
  var suffix: String { get }

  /// The codec and its settings for messages: `gzip level 2`.
  var description: String { get }

  /// The size of blocks in bytes; another size gives other bytes.
  var blockSize: Int { get }

  /// The number of bytes before a block, at most one block, that prime its compression; 0 for independent blocks.
  var historySize: Int { get }

  /// The maximum size of a compressed block in bytes.
  func capacity(forBlockOf size: Int) -> Int

  /// Creates a compressor of blocks; each thread has its own.
  func encoder() throws(Failure) -> any BlockEncoder

  /// Creates an empty frame.
  func frame() -> any CodecFrame
}

extension Codec {
  /// 512 KiB: for blocks that are primed, larger ones are not better.
  public var blockSize: Int { 512 << 10 }
}

/// Compresses blocks of a layer.
public protocol BlockEncoder: AnyObject {
  /// Compresses a block that follows its history.
  ///
  /// The output must have the ``Codec/capacity(forBlockOf:)`` of the block.
  func encode(
    _ block: UnsafeRawBufferPointer, history: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> EncodedBlock
}

/// A compressed block.
public struct EncodedBlock: Sendable {
  /// The number of bytes in the output.
  public let count: Int
  /// A checksum of the uncompressed block for the frame; 0 if the codec needs none.
  public let checksum: UInt32

  /// Describes a compressed block.
  public init(count: Int, checksum: UInt32 = 0) {
    self.count = count
    self.checksum = checksum
  }
}

/// The bytes around the compressed blocks of one layer.
public protocol CodecFrame: Sendable {
  /// The bytes before the first block.
  var header: [UInt8] { get }

  /// Adds a block: its checksum and the number of its uncompressed bytes. Blocks are added in order.
  mutating func append(checksum: UInt32, count: Int)

  /// The bytes after the last block.
  var trailer: [UInt8] { get }
}
