import Diagnostics
import Digests
import Glibc
import ImageModel
import POSIX

/// Puts the tar of a layer together again: recorded headers and the contents of files, byte for byte.
///
/// What comes out is not verified here; who uses it compares digest and size with what the store promises,
/// and asks ``damagedFiles(of:in:)`` when they differ.
public struct LayerReader: ~Copyable {
  private let id: StorageID
  private let location: StoreLocation
  private let tarSplit: Path
  private var records: TarSplitReader
  private let directories: LayerDirectories
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
    let records = try TarSplitReader(tarSplit)
    self.directories = try LayerDirectories(of: id, in: location)
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
  private func openFile(size: UInt64) throws(Failure) -> FileDescriptor {
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

  private func damaged(file name: [UInt8], _ error: SystemError) -> Failure {
    if error.isPermission {
      return Failure(
        .noPermission, directories.path(of: Path(name)).description,
        "\(error.reason) (for a rootless store run under `podman unshare` or `unshare -U --map-root-user --map-auto`)"
      )
    }
    if error.isNotFound, !tarSplit.exists {
      return Failure(.tryAgain, "layer \(id.short)", "was removed while it was being read")
    }
    return damaged(file: name, error.reason)
  }

  private func damaged(file name: [UInt8], _ reason: String) -> Failure {
    Failure(.badData, "layer \(id.short)", "file \"\(printable(bytes: name))\": \(reason)")
  }

  private static func tarSplit(of id: StorageID, in location: StoreLocation) -> Path {
    let paths = location.layerRoots.map { location.layers(in: $0).appending("\(id).tar-split.gz") }
    return paths.first { $0.exists } ?? paths[0]
  }
}

extension LayerReader {
  /// The length in bytes of a layer's tar, from its metadata alone.
  static func measure(_ id: StorageID, in location: StoreLocation) throws(Failure) -> UInt64 {
    var records = try TarSplitReader(tarSplit(of: id, in: location))
    var total: UInt64 = 0
    while true {
      let length: UInt64
      switch try records.next() {
      case nil: return total
      case .segment: length = UInt64(records.segment.count)
      case .file(let size, _): length = records.lastHeaderHasBody ? size : 0
      }
      let (sum, overflow) = total.addingReportingOverflow(length)
      guard !overflow, sum <= UInt64(Int64.max) else { throw records.damaged("sizes add up to too much") }
      total = sum
    }
  }

  /// The files of a layer whose contents are not those that were stored, as `name: reason`, at most ten.
  ///
  /// Reads the layer once more, comparing each file with the CRC-64 that tar-split recorded for it.
  public static func damagedFiles(of id: StorageID, in location: StoreLocation) throws(Failure) -> [String] {
    var reader = try LayerReader(id, in: location)
    var found: [String] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while found.count < 10 {
      guard let record = try reader.records.next() else { break }
      guard case .file(let size, let checksum) = record, size > 0, reader.records.lastHeaderHasBody
      else { continue }
      do {
        let file = try reader.openFile(size: size)
        if try CRC64.checksum(of: file, buffer: buffer) != checksum {
          found.append("\"\(printable(bytes: cleaned(reader.records.name)))\"")
        }
      } catch let error as SystemError {
        throw error.failure
      } catch let error as Failure {
        throw error
      } catch {
        throw Failure(.internalError, "layer \(id.short)", "\(error)")
      }
    }
    return found
  }
}

extension CRC64 {
  /// The checksum of what is left of a file.
  fileprivate static func checksum(
    of file: borrowing FileDescriptor, buffer: UnsafeMutableRawBufferPointer
  ) throws(SystemError) -> UInt64 {
    var crc = CRC64()
    while true {
      let count = try file.read(into: buffer, "")
      crc.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      if count < buffer.count { return crc.value }
    }
  }
}
