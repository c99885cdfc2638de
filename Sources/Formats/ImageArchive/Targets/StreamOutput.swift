import Diagnostics
import Digests
import Glibc
import POSIX

/// An output that is written in place: standard output, a FIFO, a device.
final class StreamOutput: ArchiveOutput {
  private let name: String
  private var file: FileDescriptor?
  /// The bytes so far, if they are to be told.
  private var hash: SHA256?
  private var size: UInt64 = 0

  /// Writes to standard output, unless that is a terminal.
  static func standardOutput(_ options: ArchiveTarget) throws(Failure) -> StreamOutput {
    let file = FileDescriptor(owning: 1)
    if file.isTerminal {
      throw Failure(
        .usage, "standard output", "refusing to write an archive to a terminal (use -o or redirect)")
    }
    return StreamOutput(file, name: "standard output", options)
  }

  /// Writes to a FIFO or device.
  convenience init(_ path: Path, _ options: ArchiveTarget) throws(Failure) {
    do {
      self.init(try FileDescriptor.open(path, O_WRONLY | O_NOCTTY), name: path.description, options)
    } catch {
      throw error.failure
    }
  }

  private init(_ file: consuming FileDescriptor, name: String, _ options: ArchiveTarget) {
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

  var placed: PlacedOutput? { nil }

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

/// Opens the output that a target names.
func openOutput(_ target: ArchiveTarget) throws(Failure) -> any ArchiveOutput {
  guard let path = target.path else { return try StreamOutput.standardOutput(target) }
  if let status = try? FileStatus.of(path), status.kind == .special { return try StreamOutput(path, target) }
  return try FileOutput(path, target)
}
