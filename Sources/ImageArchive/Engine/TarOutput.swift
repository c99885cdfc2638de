import Diagnostics
import Digests
import ImageManifest
import Tar

/// Writes a tar archive, member by member, through one buffer.
final class TarOutput {
  private let output: any ArchiveOutput
  private var buffer: [UInt8] = []
  /// The number of bytes that have left the buffer.
  private var position: UInt64 = 0
  /// The bytes of the current member's data that are still to come, padding included.
  private var missing: UInt64 = 0

  private static let bufferSize = 256 << 10

  /// What takes the bytes of a member's data.
  typealias Sink = (UnsafeRawBufferPointer) throws(Failure) -> Void

  init(_ output: any ArchiveOutput) {
    self.output = output
    buffer.reserveCapacity(TarOutput.bufferSize + TarHeader.blockSize)
  }

  /// Writes a member whose data is known.
  func write(_ member: TarMember) throws(Failure) {
    try append(member.header.bytes)
    guard case .bytes(let bytes) = member.content else { return }
    try append(bytes)
    try append([UInt8](repeating: 0, count: member.header.padding))
  }

  /// Writes a member whose data comes in pieces; their sizes must add up to the size in the header.
  func write<Value>(
    _ header: TarHeader, _ body: (Sink) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try append(header.bytes)
    missing = header.size + UInt64(header.padding)
    let result = try body { bytes throws(Failure) in
      if !buffer.isEmpty { try flush() }
      try put(bytes)
      missing -= min(missing, UInt64(bytes.count))
    }
    try append([UInt8](repeating: 0, count: header.padding))
    missing = 0
    return result
  }

  /// Writes a member whose header is known only after its data.
  ///
  /// In a file room for the header is left and filled afterwards; for a stream the data waits in a file without
  /// a name.
  func writeHeaderLast(
    _ header: (WrittenLayer) -> TarHeader, _ body: (Sink) throws(Failure) -> WrittenLayer
  ) throws(Failure) -> WrittenLayer {
    guard let placed = output.placed else {
      let spool = try Spool()
      let layer = try body { bytes throws(Failure) in try spool.write(bytes) }
      return try write(header(layer)) { write throws(Failure) in
        try spool.read(layer.size, into: write)
        return layer
      }
    }
    try flush()
    let start = position
    try append([UInt8](repeating: 0, count: TarHeader.blockSize))
    try flush()
    let layer = try body { bytes throws(Failure) in try put(bytes) }
    let header = header(layer)
    let bytes = header.bytes
    guard bytes.count == TarHeader.blockSize else {
      throw Failure(.other, "\(layer.digest)", "a compressed layer of 8 GiB and more does not fit the archive")
    }
    try bytes.withBytes { bytes throws(Failure) in try placed.write(bytes, at: start) }
    try append([UInt8](repeating: 0, count: header.padding))
    return layer
  }

  /// Writes the end of the archive, two zero blocks.
  func end() throws(Failure) {
    try append([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
    try flush()
  }

  /// Makes sure that a failed stream does not end between two members, so that no reader takes it for an archive.
  ///
  /// If it does, or has got nothing yet, one more member is announced that never comes. Errors do not matter here,
  /// since the command fails anyway.
  func leaveTruncated() {
    guard output.placed == nil else { return }
    if missing > 0 {
      try? flush()
      return
    }
    let header = TarHeader(name: "incomplete", kind: .file(size: UInt64(TarHeader.blockSize)), mode: 0)
    buffer += header.bytes
    try? flush()
  }

  private func append(_ bytes: [UInt8]) throws(Failure) {
    buffer += bytes
    if buffer.count >= TarOutput.bufferSize { try flush() }
  }

  private func flush() throws(Failure) {
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    try bytes.withBytes(put)
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    try output.write(bytes)
    position += UInt64(bytes.count)
  }
}
