import Diagnostics
import Glibc
import POSIX

/// Puts the tar of a layer together again: recorded headers and the contents of files, byte for byte.
///
/// What comes out is not verified here; who uses it compares digest and size with what the store promises,
/// and asks ``damagedFiles(of:in:)`` and ``holdsSparseFiles(_:in:)`` when they differ. Layers of additional layer
/// stores are not put together: see ``AdditionalLayer``.
public struct LayerReader: ~Copyable {
  private let id: StorageID
  private let location: StoreLocation
  private let tarSplit: Path
  var records: TarSplitReader
  let directories: LayerDirectories
  private var state = State.between

  private enum State {
    case between
    case segment(offset: Int)
    case file(OpenFile, remaining: UInt64)
    case ended
  }

  /// Holds the current file where only copyable values can be kept.
  private final class OpenFile {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) {
      self.descriptor = descriptor
    }
  }

  /// Opens a layer; its metadata and its directory must be there.
  public init(_ id: StorageID, in location: StoreLocation) throws(Failure) {
    let tarSplit = LayerReader.tarSplit(of: id, in: location)
    let records = try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      try TarSplitReader(tarSplit)
    }
    self.directories = try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      try LayerDirectories(of: id, in: location)
    }
    self.id = id
    self.location = location
    self.tarSplit = tarSplit
    self.records = records
  }

  /// Fills a buffer with the next bytes of the tar; returns their number, less than the buffer's only at the end.
  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      switch state {
      case .between: try advance()
      case .segment(let offset):
        let count = min(rest.count, records.segment.count - offset)
        rest.copyBytes(from: records.segment[offset..<(offset + count)])
        filled += count
        state = offset + count < records.segment.count ? .segment(offset: offset + count) : .between
      case .file(let file, let remaining):
        let wanted = Int(min(UInt64(rest.count), remaining))
        let part = UnsafeMutableRawBufferPointer(rebasing: rest[..<wanted])
        let count: Int
        do {
          count = try file.descriptor.read(into: part, "")
        } catch {
          throw damaged(file: records.name, error)
        }
        guard count == wanted else { throw damaged(file: records.name, "shorter than recorded") }
        filled += count
        state = remaining > UInt64(count) ? .file(file, remaining: remaining - UInt64(count)) : .between
      case .ended: return filled
      }
    }
    return filled
  }

  /// Moves to the next record.
  private mutating func advance() throws(Failure) {
    switch try records.next() {
    case nil: state = .ended
    case .segment: state = .segment(offset: 0)
    case .file(let size, _):
      // Hard links and the like may carry a size, but never data.
      if size > 0, records.lastHeaderHasBody {
        state = .file(OpenFile(try openFile(size: size)), remaining: size)
      }
    }
  }

  /// Opens the file of the current record and checks that it is what was recorded.
  func openFile(size: UInt64) throws(Failure) -> FileDescriptor {
    let name = cleaned(records.name)
    guard !name.isEmpty else { throw damaged(file: records.name, "a file without a name has contents") }
    var terminated = name.map(CChar.init(bitPattern:))
    terminated.append(0)
    do {
      let file = try directories.open(terminated)
      let status = try file.status("")
      guard status.kind == .regular else { throw damaged(file: name, "not a regular file") }
      guard status.size == size else {
        throw damaged(file: name, "\(status.size) bytes long, \(size) were recorded")
      }
      return file
    } catch let error as SystemError {
      throw damaged(file: name, error)
    } catch let error as Failure {
      throw error
    } catch {
      throw damaged(file: name, "\(error)")
    }
  }

  func damaged(file name: [UInt8], _ error: SystemError) -> Failure {
    if error.isPermission { return error.layerFailure(at: directories.path(of: name)) }
    if error.isNotFound, !tarSplit.exists || StoreSnapshot.hasLost(id, in: location) {
      return StoreSnapshot.removed(id)
    }
    return damaged(file: name, error.reason)
  }

  private func damaged(file name: [UInt8], _ reason: String) -> Failure {
    Failure(.badData, "layer \(id.short)", "file \"\(printable(bytes: name))\": \(reason)")
  }

  static func tarSplit(of id: StorageID, in location: StoreLocation) -> Path {
    let paths = location.layerRoots.map { location.layers(in: $0).appending("\(id).tar-split.gz") }
    return paths.first { $0.exists } ?? paths[0]
  }
}
