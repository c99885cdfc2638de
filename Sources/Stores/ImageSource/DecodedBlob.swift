import Compression
import Diagnostics

/// The uncompressed tar of a layer that is a blob in its source; the first bytes select the decompressor.
struct DecodedBlob: LayerSource {
  private let blob: any LayerSource

  init(_ blob: any LayerSource) {
    self.blob = blob
  }

  var name: String { blob.name }
  func checkReadable() throws(Failure) { try blob.checkReadable() }
  func diagnosis() -> String? { blob.diagnosis() }

  func open() throws(Failure) -> any LayerReader {
    let bytes = ReaderBytes(try blob.open(), name: blob.name)
    switch CompressionFormat(startingWith: try bytes.peek(CompressionFormat.magicSize)) {
    case nil: return SequentialReader(bytes)
    case .gzip: return SequentialReader(try Inflater(bytes))
    case .some(let format):
      throw Failure(.unavailable, blob.name, "compressed with \(format.rawValue), not supported")
    }
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
  /// Bytes that were peeked at, but not read yet.
  private var start: [UInt8] = []
  private var isAtEnd = false

  init(_ reader: any LayerReader, name: String) {
    self.reader = reader
    self.name = name
  }

  /// The first bytes, which later reads return again; fewer at the end.
  func peek(_ count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let found = try bytes.withMutableBytes { buffer throws(Failure) in
      try fill(buffer)
    }
    start = Array(bytes[..<found])
    return start
  }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    guard start.isEmpty else {
      let count = min(start.count, buffer.count)
      buffer.copyBytes(from: start[..<count])
      start.removeFirst(count)
      return count
    }
    return try fill(buffer)
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    if isAtEnd { return 0 }
    let piece = try reader.next(into: buffer)
    isAtEnd = piece.count < buffer.count
    _ = try piece.load?(buffer)
    return piece.count
  }
}
