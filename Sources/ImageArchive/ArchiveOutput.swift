import Diagnostics

/// Where the bytes of an archive go.
public protocol ArchiveOutput: AnyObject {
  /// Whether a reader sees the bytes at once: a pipe, a FIFO, a device.
  var isStream: Bool { get }

  /// Writes all bytes of a buffer.
  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure)

  /// Makes what was written appear under its name; every error up to the close is reported.
  func finish() throws(Failure)
}
