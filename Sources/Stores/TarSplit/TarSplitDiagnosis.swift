import Diagnostics
import Digests
import Glibc
import POSIX

/// Why the tar of a layer does not have the expected digest.
extension TarSplitReader {
  /// The files whose contents differ from the stored ones, as `"name"`, at most ten.
  ///
  /// Reads all files again and compares each with the CRC-64 in its tar-split record.
  public consuming func damagedFiles(_ files: any LayerFiles) throws(Failure) -> [String] {
    var found: [String] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while found.count < 10 {
      guard let record = try next() else { break }
      guard case .file(let size, let checksum) = record, size > 0, lastHeaderHasBody else { continue }
      let file = try files.open(name, size: size)
      let actual: UInt64
      do {
        actual = try CRC64.checksum(of: file, buffer: buffer)
      } catch {
        throw files.damaged(file: name, error)
      }
      if actual != checksum { found.append("\"\(printable(bytes: Path.cleaned(belowRoot: name)))\"") }
    }
    return found
  }

  /// Whether the tar held sparse files in PAX format.
  ///
  /// tar-split records the header of such a file with the expanded size, but not its packed bytes and the map
  /// of its holes. So the tar cannot be reproduced.
  /// Source: GNU tar, "Storing Sparse Files".
  public consuming func holdsSparseFiles() throws(Failure) -> Bool {
    let mark = Array("GNU.sparse.".utf8)
    while let record = try next() {
      guard case .segment = record else { continue }
      let isSparse = segment.withUnsafeBytes { bytes in mark.withUnsafeBytes { bytes.contains($0) } }
      if isSparse { return true }
    }
    return false
  }
}

extension CRC64 {
  /// The checksum of the rest of a file.
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
