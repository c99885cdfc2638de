import Compression
import Diagnostics
import Digests
import ImageManifest

/// A layer as a gzip member that is put together from compressed chunks.
struct GzipMember {
  private var frame = GzipFrame()
  private var hash = SHA256()
  private var size: UInt64 = 0

  /// What takes the bytes of the member.
  typealias Sink = (UnsafeRawBufferPointer) throws(Failure) -> Void

  /// Writes what stands before the first chunk.
  mutating func begin(_ write: Sink) throws(Failure) {
    try GzipFrame.header.withBytes { bytes throws(Failure) in try put(bytes, write) }
  }

  /// Writes a chunk.
  mutating func append(_ chunk: Chunk, _ write: Sink) throws(Failure) {
    guard let compressed = chunk.compressed else { return }
    frame.append(checksum: chunk.checksum, count: chunk.count)
    try put(compressed, write)
  }

  /// Writes the end; returns digest and size of the whole.
  mutating func end(_ write: Sink) throws(Failure) -> WrittenLayer {
    try frame.trailer.withBytes { bytes throws(Failure) in try put(bytes, write) }
    return WrittenLayer(digest: hash.digest(), size: size, isGzip: true)
  }

  private mutating func put(_ bytes: UnsafeRawBufferPointer, _ write: Sink) throws(Failure) {
    hash.update(bytes)
    size += UInt64(bytes.count)
    try write(bytes)
  }
}
