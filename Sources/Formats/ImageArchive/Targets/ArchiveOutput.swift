import Diagnostics
import Digests
import POSIX

/// Where the bytes of an archive go.
protocol ArchiveOutput: AnyObject {
  /// Writes all bytes of a buffer at the end.
  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure)

  /// Writes at any place; nil for streams (a pipe, a FIFO, a device), whose readers see the bytes at once.
  var placed: PlacedOutput? { get }

  /// Makes what was written appear under its name; every error up to the close is reported.
  ///
  /// - Returns: What was written, if the output was opened to tell.
  func finish() throws(Failure) -> OutputSummary?
}

/// An output that can be written out of order, as long as its file is open.
struct PlacedOutput: Sendable {
  private let descriptor: SharedDescriptor
  private let name: String

  init(_ descriptor: SharedDescriptor, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Reserves room for a part of the file, where the file system can.
  func reserve(_ part: Range<UInt64>) throws(Failure) {
    do {
      try descriptor.reserve(part, name)
    } catch {
      throw error.failure
    }
  }

  /// Writes all bytes of a buffer at an offset.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Failure) {
    do {
      try descriptor.write(bytes, at: offset, name)
    } catch {
      throw error.failure
    }
  }
}

/// The bytes of a finished output as a whole.
public struct OutputSummary: Hashable, Sendable {
  /// Their number.
  public let size: UInt64
  /// Their SHA-256.
  public let digest: Digest
}
