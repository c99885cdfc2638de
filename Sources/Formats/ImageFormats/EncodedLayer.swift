import Compression
import Diagnostics
import Digests
import ImageManifest
import LayerPipeline

/// Writes a compressed layer: frame header, a block for each chunk, frame trailer.
struct EncodedLayer {
  private let codec: any Codec
  private var frame: any CodecFrame
  private var hash = SHA256()
  private var size: UInt64 = 0

  /// Receives the bytes of the layer.
  typealias Sink = (UnsafeRawBufferPointer) throws(Failure) -> Void

  init(_ codec: any Codec) {
    self.codec = codec
    frame = codec.frame()
  }

  /// Writes the bytes before the first chunk.
  mutating func begin(_ write: Sink) throws(Failure) {
    try put(frame.header, write)
  }

  /// Writes a chunk.
  mutating func append(_ chunk: Chunk, _ write: Sink) throws(Failure) {
    guard let compressed = chunk.compressed else { return }
    frame.append(checksum: chunk.checksum, count: chunk.count)
    try put(compressed, write)
  }

  /// Writes the end; returns digest and size of the compressed layer.
  mutating func end(_ write: Sink) throws(Failure) -> WrittenLayer {
    try put(frame.trailer, write)
    return WrittenLayer(digest: hash.digest(), size: size, compression: codec.suffix)
  }

  private mutating func put(_ bytes: [UInt8], _ write: Sink) throws(Failure) {
    hash.update(bytes)
    size += UInt64(bytes.count)
    try bytes.withBytes { buffer throws(Failure) in try write(buffer) }
  }

  private mutating func put(_ bytes: UnsafeRawBufferPointer, _ write: Sink) throws(Failure) {
    hash.update(bytes)
    size += UInt64(bytes.count)
    try write(bytes)
  }
}
