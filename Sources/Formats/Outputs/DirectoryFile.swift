import Diagnostics
import POSIX

/// A file of a directory in progress.
public final class DirectoryFile {
  let file: NewFile
  private let name: String
  private let directory: DirectoryOutput

  init(_ file: NewFile, _ name: String, in directory: DirectoryOutput) {
    self.file = file
    self.name = name
    self.directory = directory
  }

  /// Appends bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    do {
      try file.write(bytes)
    } catch {
      throw directory.failure(error, name)
    }
  }

  /// Reserves disk space for a part of the file, if the file system supports it.
  public func reserve(_ part: Range<UInt64>) throws(Failure) {
    do {
      try file.shared?.reserve(part, name)
    } catch {
      throw directory.failure(error, name)
    }
  }

  /// Gives the file its name.
  public func finish(as name: String) throws(Failure) {
    try directory.finish(file, as: name)
  }
}
