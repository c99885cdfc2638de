import Diagnostics
import ImageSource
import POSIX

/// Assembles the tar of a layer, byte for byte, from the headers that tar-split recorded and the contents of files.
///
/// Nothing is verified here; after a mismatch ask ``TarSplitReader/damagedFiles(_:)`` and
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

  /// What a file gives to a piece.
  private struct Part: Sendable {
    let file: LayerFile
    /// Where in the file it starts, in bytes.
    let offset: UInt64
    /// Where in the buffer it belongs.
    let place: Range<Int>
  }

  /// Assembles the tar of some records with the files of their layer.
  public init(_ records: consuming TarSplitReader, files: any LayerFiles) {
    self.records = records
    self.files = files
  }

  /// Prepares the next piece: copies what is recorded; the contents of files are loaded later.
  public func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> PendingPiece {
    var filled = 0
    var parts: [Part] = []
    var nameBytes = 0
    while filled < buffer.count {
      let room = buffer.count - filled
      switch state {
      case .between:
        try advance()
        guard case .file = state else { continue }
        // Each file of a tar has a header of 512 bytes that holds its name or follows one that does. So no records
        // make a piece hold more than its own size of files and names.
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
      // Hard links and the like may carry a size, but never data.
      if size > 0, records.lastHeaderHasBody {
        state = .file(LayerFile(records.name, size: size, of: files), remaining: size, offset: 0)
      }
    }
  }
}
