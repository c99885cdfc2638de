import Diagnostics
import POSIX

/// Opens the files of one layer by the names that tar-split records; usable from any thread.
public protocol LayerFiles: Sendable {
  /// Opens a file and checks that it is what was recorded: a regular file of this size in bytes.
  func open(_ recorded: [UInt8], size: UInt64) throws(Failure) -> FileDescriptor

  /// Refuses a file that this process may not open; leaves any other fault to the reading.
  func checkReadable(_ recorded: [UInt8]) throws(Failure)

  /// The failure of a file that could not be read.
  func damaged(file recorded: [UInt8], _ error: SystemError) -> Failure

  /// The failure of a file that is not what was recorded.
  func damaged(file recorded: [UInt8], _ reason: String) -> Failure
}
