import Diagnostics
import Digests
import POSIX

/// The output file or stream of an archive.
public protocol ArchiveOutput: AnyObject {
  /// Appends all bytes of a buffer.
  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure)

  /// Writes at any offset; nil for streams (a pipe, a FIFO, a device, a descriptor), whose readers see bytes at once.
  var positioned: PositionedOutput? { get }

  /// Completes the output and gives it its name; reports every error up to the close.
  ///
  /// - Returns: Size and digest, if the target requests them.
  func finish() throws(Failure) -> OutputSummary?
}

extension OutputTarget {
  /// Opens the file or stream of the target.
  public func openArchive() throws(Failure) -> any ArchiveOutput {
    switch try disposition(for: .archive) {
    case .file(let path, let replaces): return try FileOutput(path, replaces: replaces, self)
    case .emptyFile(let path, let inPlace): return try FileOutput(filling: path, inPlace: inPlace, self)
    case .stream(let stream): return try StreamOutput.open(stream, self)
    case .newDirectory, .existingDirectory:
      throw Failure(.internalError, "target", "is a directory")
    }
  }
}

/// The size and digest of a finished output.
public struct OutputSummary: Hashable, Sendable {
  /// The size in bytes.
  public let size: UInt64
  /// The SHA-256 of the bytes.
  public let digest: Digest
}

/// An output that can be written out of order while its file is open.
public struct PositionedOutput: Sendable {
  private let descriptor: SharedDescriptor
  private let name: String

  init(_ descriptor: SharedDescriptor, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Reserves disk space for a part of the file, if the file system supports it.
  public func reserve(_ part: Range<UInt64>) throws(Failure) {
    do {
      try descriptor.reserve(part, name)
    } catch {
      throw error.failure
    }
  }

  /// Writes all bytes of a buffer at an offset.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Failure) {
    do {
      try descriptor.write(bytes, at: offset, name)
    } catch {
      throw error.failure
    }
  }

  /// Moves a part of the file towards its end, by `distance` bytes.
  public func move(_ part: Range<UInt64>, by distance: UInt64) throws(Failure) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { buffer.deallocate() }
    // Start at the end, so that nothing is overwritten before it is read.
    var end = part.upperBound
    while end > part.lowerBound {
      let start = max(part.lowerBound, end - min(end, UInt64(buffer.count)))
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(end - start)])
      let count: Int
      do {
        count = try descriptor.read(into: piece, at: start, name)
      } catch {
        throw error.failure
      }
      guard count == piece.count else { throw Failure(.inputOutput, name, "written data is truncated") }
      try write(UnsafeRawBufferPointer(piece), at: start + distance)
      end = start
    }
  }
}
