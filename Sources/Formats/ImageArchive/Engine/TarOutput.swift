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
  private var state = State.between

  /// Where in the archive the output is.
  private enum State {
    case between
    /// In the data of a member whose header has been written; bytes of it, padding included, are still to come.
    case inside(missing: UInt64, padding: Int)
    /// Behind the room for a header that is not known yet.
    case behindRoom(at: UInt64)
    /// In a member of a stream whose header is not known yet, so that the data waits elsewhere.
    case spooling(Spool)
  }

  private static let bufferSize = 256 << 10

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

  /// Starts a member whose data comes in pieces that add up to the size in the header.
  func begin(_ header: TarHeader) throws(Failure) {
    try append(header.bytes)
    state = .inside(missing: header.size + UInt64(header.padding), padding: header.padding)
  }

  /// Starts a member whose header is known only after its data.
  ///
  /// In a file room for the header is left and filled afterwards; for a stream the data waits in a file without
  /// a name.
  func beginWithoutHeader() throws(Failure) {
    if output.placed == nil {
      state = .spooling(try Spool())
      return
    }
    try flush()
    state = .behindRoom(at: position)
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

  /// Ends a member that began with its header.
  func end() throws(Failure) {
    guard case .inside(_, let padding) = state else { return }
    try append([UInt8](repeating: 0, count: padding))
    state = .between
  }

  /// Ends a member that began without its header.
  func end(as header: TarHeader) throws(Failure) {
    if case .spooling(let spool) = state {
      try begin(header)
      try spool.read(header.size) { bytes throws(Failure) in try put(bytes) }
      return try end()
    }
    guard case .behindRoom(let start) = state, let placed = output.placed else { return }
    let bytes = header.bytes
    guard bytes.count == TarHeader.blockSize else {
      throw Failure(.other, header.name, "a compressed layer of 8 GiB or more does not fit the archive")
    }
    try flush()
    try bytes.withBytes { bytes throws(Failure) in try placed.write(bytes, at: start) }
    try append([UInt8](repeating: 0, count: header.padding))
    state = .between
  }

  /// Writes the end of the archive, two zero blocks.
  func finish() throws(Failure) {
    try append([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
    try flush()
  }

  /// Makes sure that a failed stream does not end between two members, so that no reader takes it for an archive.
  ///
  /// If it does, or has got nothing yet, one more member is announced that never comes. Errors do not matter here,
  /// since the command fails anyway.
  func leaveTruncated() {
    guard output.placed == nil else { return }
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
    try bytes.withBytes(send)
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    try output.write(bytes)
    position += UInt64(bytes.count)
  }
}
