import Diagnostics
import ImageSource
import POSIX

/// Assembles the tar of a layer, byte for byte, from tar-split's headers and the contents of files.
///
/// Verifies nothing. After a mismatch, see ``TarSplitReader/damagedFiles(_:)`` and
/// ``TarSplitReader/holdsSparseFiles()``.
public final class TarSplitAssembler: LayerReader {
  private var records: TarSplitReader
  private let files: any LayerFiles
  private var state = State.between

  private enum State {
    case between
    case segment(offset: Int)
    case file(LayerFile, remaining: UInt64, offset: UInt64)
    case ended
  }

  /// The part of a piece that comes from one file.
  private struct Part: Sendable {
    let file: LayerFile
    /// Its start in the file, in bytes.
    let offset: UInt64
    /// Its range in the buffer.
    let place: Range<Int>
  }

  /// Assembles a tar from records and the files of their layer.
  public init(_ records: consuming TarSplitReader, files: any LayerFiles) {
    self.records = records
    self.files = files
  }

  /// Prepares the next piece: copies recorded bytes; `load` reads the contents of files later.
  public func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> PendingPiece {
    var filled = 0
    var parts: [Part] = []
    var nameBytes = 0
    while filled < buffer.count {
      let room = buffer.count - filled
      switch state {
      case .between:
        try advance()
        if case .file = state {
          // Each file of a tar has, or follows, a header of 512 bytes with its name. This bounds the files and
          // names of a piece by its size, whatever the records say.
          nameBytes += records.name.count
          guard parts.count <= buffer.count / 512 + 1, nameBytes <= buffer.count + 1 << 16 else {
            throw records.damaged("more files than a tar of this size can hold")
          }
        }
      case .segment(let offset):
        let count = min(room, records.segment.count - offset)
        UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<(filled + count)])
          .copyBytes(from: records.segment[offset..<(offset + count)])
        filled += count
        state = offset + count < records.segment.count ? .segment(offset: offset + count) : .between
      case .file(let file, let remaining, let offset):
        let count = Int(min(UInt64(room), remaining))
        parts.append(Part(file: file, offset: offset, place: filled..<(filled + count)))
        filled += count
        let rest = remaining - UInt64(count)
        state = rest > 0 ? .file(file, remaining: rest, offset: offset + UInt64(count)) : .between
      case .ended: return piece(filled, parts)
      }
    }
    return piece(filled, parts)
  }

  private func piece(_ count: Int, _ parts: [Part]) -> PendingPiece {
    if parts.isEmpty { return PendingPiece(count: count) }
    return PendingPiece(count: count) { buffer throws(Failure) in
      var waited = false
      for part in parts {
        let place = UnsafeMutableRawBufferPointer(rebasing: buffer[part.place])
        try part.file.read(into: place, at: part.offset, waited: &waited)
      }
      return waited
    }
  }

  /// Moves to the next record.
  private func advance() throws(Failure) {
    switch try records.next() {
    case nil: state = .ended
    case .segment: state = .segment(offset: 0)
    case .file(let size, _):
      // Hard links and other special entries may have a size, but never data.
      if size > 0, records.lastHeaderHasBody {
        state = .file(LayerFile(records.name, size: size, of: files), remaining: size, offset: 0)
      }
    }
  }
}
