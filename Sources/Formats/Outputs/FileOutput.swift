import Diagnostics
import Digests
import POSIX

/// A file that gets its name, or its content, only when complete; a failed save leaves nothing.
final class FileOutput: ArchiveOutput {
  private let target: Path
  private let replaces: Bool
  private let synchronizes: Bool
  private let summarizes: Bool
  private let file: NewFile

  /// Starts a file with the final path `target`.
  convenience init(_ target: Path, replaces: Bool, _ options: OutputTarget) throws(Failure) {
    try self.init(target, replaces: replaces, options) { () throws(SystemError) in
      try NewFile(for: target, options.naming)
    }
  }

  /// Starts to fill an existing empty file: in place, or by a new file with the same mode and owner.
  convenience init(filling target: Path, inPlace: Bool, _ options: OutputTarget) throws(Failure) {
    try self.init(target, replaces: true, options) { () throws(SystemError) in
      if !inPlace, let status = try? FileStatus.of(target),
        let file = try? NewFile(for: target, like: status, options.naming)
      {
        return file
      }
      return try NewFile(inPlace: target)
    }
  }

  private init(
    _ target: Path, replaces: Bool, _ options: OutputTarget, _ open: () throws(SystemError) -> NewFile
  ) throws(Failure) {
    self.target = target
    self.replaces = replaces
    synchronizes = options.synchronize
    summarizes = options.summarizes
    do {
      file = try open()
    } catch {
      throw error.alreadyExists ? .exists(target) : .cannotCreate(target, error)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    do {
      try file.write(bytes)
    } catch {
      throw error.failure
    }
  }

  var positioned: PositionedOutput? { file.shared.map { PositionedOutput($0, name: target.description) } }

  func finish() throws(Failure) -> OutputSummary? {
    do {
      let summary = summarizes ? try summarize() : nil
      try file.finish(replacing: replaces, flush: synchronizes ? .bytesAndName : .nothing)
      return summary
    } catch {
      throw error.alreadyExists
        ? .exists(target) : Failure(error.failure.kind, target.description, error.reason)
    }
  }

  /// Reads the file again: parts of it may have been written out of order.
  private func summarize() throws(SystemError) -> OutputSummary {
    var hash = SHA256()
    var size: UInt64 = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 512 << 10, alignment: 4096)
    defer { buffer.deallocate() }
    while true {
      let count = try file.read(into: buffer, at: size)
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      size += UInt64(count)
      if count < buffer.count { return OutputSummary(size: size, digest: hash.digest()) }
    }
  }
}
