import Diagnostics
import Digests
import POSIX

/// A file that appears under its name only when it is complete; before that, nothing is left behind.
final class FileOutput: ArchiveOutput {
  private let target: Path
  private let replaces: Bool
  private let synchronizes: Bool
  private let summarizes: Bool
  private let file: NewFile

  /// Starts a file that will be called `target`.
  ///
  /// An existing file is replaced if it is empty or the options say so; with `synchronize` file and directory
  /// are flushed to the disk before they count as written.
  init(_ target: Path, _ options: ArchiveTarget) throws(Failure) {
    self.target = try followed(target)
    synchronizes = options.synchronize
    summarizes = options.summarizes
    replaces = try FileOutput.checkExisting(self.target, force: options.force)
    do {
      file = try NewFile(for: self.target)
    } catch {
      throw .cannotCreate(self.target, error)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    do {
      try file.write(bytes)
    } catch {
      throw error.failure
    }
  }

  var placed: PlacedOutput? { file.shared.map { PlacedOutput($0, name: target.description) } }

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

  /// Reads the file back: parts of it may have been written out of order.
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

  /// Refuses a target that holds something; returns whether there is a file to replace.
  private static func checkExisting(_ target: Path, force: Bool) throws(Failure) -> Bool {
    let status: FileStatus
    do {
      status = try FileStatus.of(target)
    } catch {
      // A path through something that is no directory is for the creation to complain about.
      if error.isNotFound { return false }
      throw .cannotCreate(target, error)
    }
    if status.kind == .directory { throw Failure(.cannotCreate, target.description, "is a directory") }
    if status.size > 0, !force { throw .exists(target) }
    return true
  }
}
