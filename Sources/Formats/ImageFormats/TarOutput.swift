import Diagnostics
import Outputs
import Tar

/// Writes a tar archive, member by member, through one buffer.
final class TarOutput {
  private let output: any ArchiveOutput
  private var buffer: [UInt8] = []
  /// The number of bytes written from the buffer.
  private var position: UInt64 = 0
  private var state = State.between

  /// The position in the archive.
  private enum State {
    case between
    /// In the data of a member with a header; `missing` bytes, including the padding, are left to write.
    case inside(missing: UInt64, padding: Int)
    /// After the space for a header that is not known yet.
    case afterRoom(at: UInt64)
    /// In a member of a stream whose header is not known yet; the data is in a spool.
    case spooling(Spool)
  }

  private static let bufferSize = 256 << 10

  init(_ output: any ArchiveOutput) {
    self.output = output
    buffer.reserveCapacity(TarOutput.bufferSize + TarHeader.blockSize)
  }

  /// Writes a member with known data.
  func write(_ header: TarHeader, _ bytes: [UInt8]) throws(Failure) {
    try append(header.bytes)
    try append(bytes)
    try append([UInt8](repeating: 0, count: header.padding))
  }

  /// Starts a member whose data follows in pieces; their sum is the size in the header.
  func begin(_ header: TarHeader) throws(Failure) {
    try append(header.bytes)
    state = .inside(missing: header.size + UInt64(header.padding), padding: header.padding)
  }

  /// Starts a member whose header is known only after its data.
  ///
  /// In a file, space is left for the header and filled later. For a stream, the data goes to an unnamed file
  /// first.
  func beginWithoutHeader() throws(Failure) {
    if output.positioned == nil {
      state = .spooling(try Spool())
      return
    }
    try flush()
    state = .afterRoom(at: position)
    try append([UInt8](repeating: 0, count: TarHeader.blockSize))
  }

  /// Writes the next bytes of the member's data.
  func put(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    if case .spooling(let spool) = state { return try spool.write(bytes) }
    try flush()
    try send(bytes)
    if case .inside(let missing, let padding) = state {
      state = .inside(missing: missing - min(missing, UInt64(bytes.count)), padding: padding)
    }
  }

  /// Ends a member that was started with a header.
  func end() throws(Failure) {
    guard case .inside(_, let padding) = state else { return }
    try append([UInt8](repeating: 0, count: padding))
    state = .between
  }

  /// Ends a member that was started without a header.
  func end(as header: TarHeader) throws(Failure) {
    if case .spooling(let spool) = state {
      try begin(header)
      try spool.read(header.size) { bytes throws(Failure) in try put(bytes) }
      return try end()
    }
    guard case .afterRoom(let start) = state, let positioned = output.positioned else { return }
    let bytes = header.bytes
    // From 8 GiB a header is longer than the space left for it: move the data.
    let excess = bytes.count - TarHeader.blockSize
    try flush()
    if excess > 0 {
      let data = start + UInt64(TarHeader.blockSize)..<position
      try append([UInt8](repeating: 0, count: excess))
      try flush()
      try positioned.move(data, by: UInt64(excess))
    }
    try bytes.withBytes { bytes throws(Failure) in
      try positioned.write(bytes, at: start)
    }
    try append([UInt8](repeating: 0, count: header.padding))
    state = .between
  }

  /// Writes the end of the archive, two zero blocks.
  func finish() throws(Failure) {
    try append([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
    try flush()
  }

  /// Ensures that a failed stream does not end between two members, so that no reader accepts it.
  ///
  /// If it would, or if nothing was written yet, writes the header of one more member without its data. Ignores
  /// errors, because the command fails anyway.
  func leaveTruncated() {
    guard output.positioned == nil else { return }
    if case .inside(let missing, _) = state, missing > 0 {
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
    if buffer.isEmpty { return }
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    try bytes.withBytes { bytes throws(Failure) in try send(bytes) }
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    try output.write(bytes)
    position += UInt64(bytes.count)
  }
}
