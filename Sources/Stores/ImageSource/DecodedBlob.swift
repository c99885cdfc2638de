import Compression
import Diagnostics
import ImageModel
import ZstdCompression

/// The uncompressed tar of a layer that is a blob in its source; the first bytes select the decompressor.
struct DecodedBlob: LayerSource {
  private let blob: any LayerSource
  /// The layer, for messages about its compressed bytes.
  private let layer: Layer

  init(_ blob: any LayerSource, of layer: Layer) {
    self.blob = blob
    self.layer = layer
  }

  var name: String { blob.name }
  func checkReadable() throws(Failure) { try blob.checkReadable() }
  func diagnosis() -> String? { blob.diagnosis() }

  func open() throws(Failure) -> any LayerReader {
    let name = "layer \(layer.blob?.digest ?? layer.diffID)"
    let bytes = try PeekedSource(ReaderBytes(try blob.open(), name: name), count: CompressionFormat.magicSize)
    // A plain blob is read by its own reader, which loads pieces on several threads.
    guard let format = bytes.format else { return try blob.open() }
    return SequentialReader(try decompressing(bytes, format))
  }
}

/// Reads a source of bytes in pieces; leaves nothing to load later.
public final class SequentialReader: LayerReader {
  private let source: any ByteSource

  /// Reads a source from its current position.
  public init(_ source: any ByteSource) {
    self.source = source
  }

  /// Fills the buffer.
  public func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> PendingPiece {
    PendingPiece(count: try source.read(into: buffer))
  }
}

/// The pieces of a reader as a source of bytes.
private final class ReaderBytes: ByteSource {
  let name: String
  private let reader: any LayerReader
  private var isAtEnd = false

  init(_ reader: any LayerReader, name: String) {
    self.reader = reader
    self.name = name
  }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    if isAtEnd { return 0 }
    let piece = try reader.next(into: buffer)
    isAtEnd = piece.count < buffer.count
    _ = try piece.load?(buffer)
    return piece.count
  }
}
