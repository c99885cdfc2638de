import Diagnostics
import Digests
import POSIX

/// The file or stream that an archive is written to.
public protocol ArchiveOutput: AnyObject {
  /// Writes all bytes of a buffer at the end.
  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure)

  /// Writes at any offset; nil for streams (a pipe, a FIFO, a device), whose readers see the bytes at once.
  var positioned: PositionedOutput? { get }

  /// Makes what was written appear under its name; every error up to the close is reported.
  ///
  /// - Returns: What was written, if the target asked for that.
  func finish() throws(Failure) -> OutputSummary?
}

extension OutputTarget {
  /// Opens the file or stream that the target names.
  public func openArchive() throws(Failure) -> any ArchiveOutput {
    switch try disposition(for: .archive) {
    case .file(let path, let replaces): return try FileOutput(path, replaces: replaces, self)
    default: return try StreamOutput.open(self)
    }
  }
}

/// The bytes of a finished output as a whole.
public struct OutputSummary: Hashable, Sendable {
  /// Their number.
  public let size: UInt64
  /// Their SHA-256.
  public let digest: Digest
}

/// An output that can be written out of order, as long as its file is open.
public struct PositionedOutput: Sendable {
  private let descriptor: SharedDescriptor
  private let name: String

  init(_ descriptor: SharedDescriptor, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Reserves room for a part of the file, where the file system can.
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

  /// Moves a part of the file towards its end, by so many bytes.
  public func move(_ part: Range<UInt64>, by distance: UInt64) throws(Failure) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { buffer.deallocate() }
    // From its end, so that nothing is overwritten before it was read.
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
