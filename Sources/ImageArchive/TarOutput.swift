import Diagnostics
import Tar

/// Writes planned members as a tar archive, in order, through one buffer.
final class TarOutput {
  private let output: any ArchiveOutput
  private let copier = LayerCopier()
  private var buffer: [UInt8] = []
  /// The bytes of the current member's data that are still to come, padding included.
  private var missing: UInt64 = 0

  private static let bufferSize = 256 << 10

  init(_ output: any ArchiveOutput) {
    self.output = output
    buffer.reserveCapacity(TarOutput.bufferSize)
  }

  /// Writes all members and the end of the archive, two zero blocks.
  ///
  /// When it fails, what has been written ends inside a member, so that no reader takes it for an archive.
  func write(_ members: [TarMember]) throws(Failure) {
    do throws(Failure) {
      for member in members { try write(member) }
    } catch {
      leaveTruncated()
      throw error
    }
    try append([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
    try flush()
  }

  private func write(_ member: TarMember) throws(Failure) {
    let size = member.header.size
    let remainder = Int(size % UInt64(TarHeader.blockSize))
    let padding = remainder > 0 ? TarHeader.blockSize - remainder : 0
    try append(member.header.bytes)
    missing = size + UInt64(padding)
    switch member.content {
    case .none: break
    case .bytes(let bytes): try append(bytes)
    case .layer(let layer):
      try flush()
      try copier.copy(layer) { chunk throws(Failure) in
        try output.write(chunk)
        missing -= UInt64(chunk.count)
      }
    }
    if padding > 0 { try append([UInt8](repeating: 0, count: padding)) }
    missing = 0
  }

  private func append(_ bytes: [UInt8]) throws(Failure) {
    buffer += bytes
    if buffer.count >= TarOutput.bufferSize { try flush() }
  }

  private func flush() throws(Failure) {
    let result = buffer.withUnsafeBytes { bytes in Result { () throws(Failure) in try output.write(bytes) } }
    buffer.removeAll(keepingCapacity: true)
    try result.get()
  }

  /// Makes sure that a stream does not end between two members: announces one that never comes.
  ///
  /// Errors do not matter here, since the command fails anyway.
  private func leaveTruncated() {
    guard output.isStream, missing == 0 else { return }
    let header = TarHeader(name: "incomplete", kind: .file(size: UInt64(TarHeader.blockSize)), mode: 0)
    buffer += header.bytes
    try? flush()
  }
}
