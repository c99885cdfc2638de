import Diagnostics
import POSIX

/// Puts the tar of a layer together again: recorded headers and the contents of files, byte for byte.
///
/// What comes out is not verified here; who uses it compares digest and size with what the store promises,
/// and asks ``damagedFiles(of:in:)`` and ``holdsSparseFiles(_:in:)`` when they differ. Layers of additional layer
/// stores are not put together: see ``AdditionalLayer``.
public struct LayerReader: ~Copyable {
  var records: TarSplitReader
  let files: LayerFiles
  private var state = State.between

  private enum State {
    case between
    case segment(offset: Int)
    case file(LayerFile, remaining: UInt64, offset: UInt64)
    case ended
  }

  /// Opens a layer; its metadata and its directory must be there.
  public init(_ id: StorageID, in location: StoreLocation) throws(Failure) {
    let tarSplit = LayerReader.tarSplit(of: id, in: location)
    let records = try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      try TarSplitReader(tarSplit)
    }
    files = try LayerFiles(of: id, in: location, tarSplit: tarSplit)
    self.records = records
  }

  /// Lays out the next bytes of the tar in a buffer: puts in what is recorded, and says what is to be loaded.
  public mutating func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> LayerPiece {
    var filled = 0
    var parts: [LayerPiece.Part] = []
    var nameBytes = 0
    while filled < buffer.count {
      let room = buffer.count - filled
      switch state {
      case .between:
        try advance()
        guard case .file = state else { continue }
        // Each file of a tar has a header of 512 bytes, which holds its name, or stands behind one that does. So no
        // records make a piece hold more than its own size of files and names.
        nameBytes += records.name.count
        guard parts.count <= buffer.count / 512 + 1, nameBytes <= buffer.count + 1 << 16 else {
          throw records.damaged("more files than a tar of this size can hold")
        }
      case .segment(let offset):
        let count = min(room, records.segment.count - offset)
        UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<(filled + count)])
          .copyBytes(from: records.segment[offset..<(offset + count)])
        filled += count
        state = offset + count < records.segment.count ? .segment(offset: offset + count) : .between
      case .file(let file, let remaining, let offset):
        let count = Int(min(UInt64(room), remaining))
        parts.append(LayerPiece.Part(file: file, offset: offset, place: filled..<(filled + count)))
        filled += count
        let rest = remaining - UInt64(count)
        state = rest > 0 ? .file(file, remaining: rest, offset: offset + UInt64(count)) : .between
      case .ended: return LayerPiece(count: filled, parts: parts)
      }
    }
    return LayerPiece(count: filled, parts: parts)
  }

  /// Fills a buffer with the next bytes of the tar; returns their number, less than the buffer's only at the end.
  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    let piece = try next(into: buffer)
    _ = try piece.load(into: buffer)
    return piece.count
  }

  /// Moves to the next record.
  private mutating func advance() throws(Failure) {
    switch try records.next() {
    case nil: state = .ended
    case .segment: state = .segment(offset: 0)
    case .file(let size, _):
      // Hard links and the like may carry a size, but never data.
      if size > 0, records.lastHeaderHasBody {
        state = .file(LayerFile(records.name, size: size, of: files), remaining: size, offset: 0)
      }
    }
  }

  static func tarSplit(of id: StorageID, in location: StoreLocation) -> Path {
    let paths = location.layerRoots.map { location.layers(in: $0).appending("\(id).tar-split.gz") }
    return paths.first { $0.exists } ?? paths[0]
  }
}
