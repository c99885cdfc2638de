import Diagnostics
import POSIX

/// Opens the files of one layer by their names in tar-split; usable from any thread.
public protocol LayerFiles: Sendable {
  /// Opens a file and checks it against its record: a regular file of this size in bytes.
  func open(_ recorded: [UInt8], size: UInt64) throws(Failure) -> FileDescriptor

  /// Refuses a file that this process may not or cannot open; leaves missing files and damage to the reader.
  func checkReadable(_ recorded: [UInt8]) throws(Failure)

  /// The failure of a file that cannot be read.
  func damaged(file recorded: [UInt8], _ error: SystemError) -> Failure

  /// The failure of a file that differs from its record.
  func damaged(file recorded: [UInt8], _ reason: String) -> Failure
}
