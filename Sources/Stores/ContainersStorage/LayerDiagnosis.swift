import Diagnostics
import Digests
import Glibc
import POSIX

/// What can be found out about a layer whose tar is not what the store promises.
extension LayerReader {
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
        let file = try reader.files.open(reader.records.name, size: size)
        if try CRC64.checksum(of: file, buffer: buffer) != checksum {
          found.append("\"\(printable(bytes: Path.cleaned(belowRoot: reader.records.name)))\"")
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

  /// Whether the tar of a layer held sparse files in the way of PAX.
  ///
  /// tar-split records the headers of such a file with its whole size, but its packed bytes and the map of its holes
  /// are lost when it is stored, so the tar cannot be made again. Source: GNU tar, "Storing Sparse Files".
  public static func holdsSparseFiles(_ id: StorageID, in location: StoreLocation) throws(Failure) -> Bool {
    var records = try TarSplitReader(tarSplit(of: id, in: location))
    while let record = try records.next() {
      guard case .segment = record else { continue }
      if records.segment.withUnsafeBytes({ occurs("GNU.sparse.", in: $0) }) { return true }
    }
    return false
  }
}

private func occurs(_ text: StaticString, in bytes: UnsafeRawBufferPointer) -> Bool {
  guard let base = bytes.baseAddress else { return false }
  let count = text.utf8CodeUnitCount
  var position = 0
  while bytes.count - position >= count {
    guard let found = memchr(base + position, CInt(text.utf8Start[0]), bytes.count - position) else {
      return false
    }
    position = UnsafeRawPointer(found) - base
    if bytes.count - position >= count, memcmp(found, text.utf8Start, count) == 0 { return true }
    position += 1
  }
  return false
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
