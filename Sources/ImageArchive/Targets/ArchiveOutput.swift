import Diagnostics
import Digests

/// Where the bytes of an archive go.
protocol ArchiveOutput: AnyObject {
  /// Whether a reader sees the bytes at once: a pipe, a FIFO, a device.
  ///
  /// What was written to a stream cannot be written over.
  var isStream: Bool { get }

  /// Writes all bytes of a buffer at the end.
  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure)

  /// Writes over bytes that were written before; not for streams.
  func overwrite(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Failure)

  /// Makes what was written appear under its name; every error up to the close is reported.
  ///
  /// - Returns: What was written, if the output was opened to tell.
  func finish() throws(Failure) -> OutputSummary?
}

/// The bytes of a finished output as a whole.
public struct OutputSummary: Hashable, Sendable {
  /// Their number.
  public let size: UInt64
  /// Their SHA-256.
  public let digest: Digest
}
