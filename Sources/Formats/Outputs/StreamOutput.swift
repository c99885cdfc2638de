import Diagnostics
import Digests
import Glibc
import POSIX

/// An output that is written in place: standard output, another open descriptor, a FIFO, a device.
final class StreamOutput: ArchiveOutput {
  private let name: String
  private var file: FileDescriptor?
  /// The hash of the bytes so far, if requested.
  private var hash: SHA256?
  private var size: UInt64 = 0

  /// Opens a stream; refuses a terminal as standard output.
  static func open(_ stream: Disposition.Stream, _ options: OutputTarget) throws(Failure) -> StreamOutput {
    switch stream {
    case .standardOutput:
      let file = FileDescriptor(owning: 1)
      if file.isTerminal {
        throw Failure(
          .usage, "standard output", "refusing to write an archive to a terminal (use -o or redirect)")
      }
      return StreamOutput(file, name: "standard output", options)
    case .descriptor(let number, let path):
      let file = try converting(\.failure) { () throws(SystemError) in
        try InheritedDescriptor.duplicate(number, path.description)
      }
      return StreamOutput(file, name: path.description, options)
    case .path(let path, let truncates):
      let file = try converting(\.failure) { () throws(SystemError) in
        try FileDescriptor.open(path, O_WRONLY | O_NOCTTY | (truncates ? O_TRUNC : 0))
      }
      return StreamOutput(file, name: path.description, options)
    }
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
