import Diagnostics
import Glibc
import POSIX

/// An output that is written in place: standard output, a FIFO, a device.
final class StreamOutput: ArchiveOutput {
  let isStream = true

  private let name: String
  private var file: FileDescriptor?

  /// Writes to standard output, unless that is a terminal.
  static func standardOutput() throws(Failure) -> StreamOutput {
    let file = FileDescriptor(owning: 1)
    if file.isTerminal {
      throw Failure(
        .usage, "standard output", "refusing to write an archive to a terminal (use -o or redirect)")
    }
    return StreamOutput(file, name: "standard output")
  }

  /// Writes to a FIFO or device.
  convenience init(_ path: Path) throws(Failure) {
    do {
      self.init(try FileDescriptor.open(path, O_WRONLY | O_NOCTTY), name: path.description)
    } catch {
      throw error.failure
    }
  }

  private init(_ file: consuming FileDescriptor, name: String) {
    self.file = consume file
    self.name = name
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    do {
      try file?.write(bytes, name)
    } catch {
      throw error.failure
    }
  }

  func overwrite(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Failure) {
    throw Failure(.internalError, name, "a stream cannot be written over")
  }

  func finish() throws(Failure) {
    guard let file = file.take() else { return }
    do {
      try file.close(name)
    } catch {
      throw error.failure
    }
  }
}

/// Opens the output that a command line names; nil is standard output.
func openOutput(_ path: Path?, force: Bool, synchronize: Bool) throws(Failure) -> any ArchiveOutput {
  guard let path else { return try StreamOutput.standardOutput() }
  if let status = try? FileStatus.of(path), status.kind == .special { return try StreamOutput(path) }
  return try FileOutput(path, force: force, synchronize: synchronize)
}
