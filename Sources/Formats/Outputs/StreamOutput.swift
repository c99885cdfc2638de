import Diagnostics
import Digests
import Glibc
import POSIX

/// An output that is written in place: standard output, a FIFO, a device.
final class StreamOutput: ArchiveOutput {
  private let name: String
  private var file: FileDescriptor?
  /// The hash of the bytes so far, if requested.
  private var hash: SHA256?
  private var size: UInt64 = 0

  /// Opens the FIFO or device of a target, or standard output; refuses a terminal.
  static func open(_ target: OutputTarget) throws(Failure) -> StreamOutput {
    guard let path = target.path else {
      let file = FileDescriptor(owning: 1)
      if file.isTerminal {
        throw Failure(
          .usage, "standard output", "refusing to write an archive to a terminal (use -o or redirect)")
      }
      return StreamOutput(file, name: "standard output", target)
    }
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(path, O_WRONLY | O_NOCTTY)
    } catch {
      throw error.failure
    }
    return StreamOutput(file, name: path.description, target)
  }

  private init(_ file: consuming FileDescriptor, name: String, _ options: OutputTarget) {
    self.file = consume file
    self.name = name
    hash = options.summarizes ? SHA256() : nil
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    do {
      try file?.write(bytes, name)
      hash?.update(bytes)
      size += UInt64(bytes.count)
    } catch {
      throw error.failure
    }
  }

  var positioned: PositionedOutput? { nil }

  func finish() throws(Failure) -> OutputSummary? {
    guard let file = file.take() else { return nil }
    do {
      try file.close(name)
    } catch {
      throw error.failure
    }
    return hash.map { OutputSummary(size: size, digest: $0.digest()) }
  }
}
