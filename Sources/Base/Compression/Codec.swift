import Diagnostics

/// A compression format in which layers are written; one conformer for each format.
///
/// A layer is cut into blocks of a fixed size that are compressed independently, by several threads, and joined in
/// order between the header and the trailer of a frame. So the bytes depend on the data and the codec only.
public protocol Codec: Sendable {
  /// The suffix of the media types of compressed layers: `gzip` in `application/vnd.oci.image.layer.v1.tar+gzip`.
  var suffix: String { get }

  /// The codec and its settings for messages: `gzip level 2`.
  var description: String { get }

  /// The bytes of the data before a block that prime its compression; 0 for blocks that stand alone.
  var historySize: Int { get }

  /// The most bytes that a block of a size can have after compression.
  func capacity(forBlockOf size: Int) -> Int

  /// Creates a compressor of blocks; each thread has one of its own.
  func encoder() throws(Failure) -> any BlockEncoder

  /// Creates an empty frame.
  func frame() -> any CodecFrame
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

/// What a compressor made of a block.
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
