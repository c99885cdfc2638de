import Diagnostics
import POSIX

/// A file of a layer, read in one or several pieces, possibly by several threads.
final class LayerFile: Sendable {
  private let name: [UInt8]
  private let size: UInt64
  private let files: any LayerFiles
  /// The open file, after the first partial read.
  private let opened = Lock<OpenFile?>(nil)

  /// A descriptor that several threads can hold.
  private final class OpenFile: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) {
      self.descriptor = descriptor
    }
  }

  init(_ name: [UInt8], size: UInt64, of files: any LayerFiles) {
    self.name = name
    self.size = size
    self.files = files
  }

  /// Fills a buffer from an offset of the file; fails if the file is too short.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64, waited: inout Bool
  ) throws(Failure) {
    if UInt64(buffer.count) == size {
      // The whole file: no other piece needs it.
      let file = try files.open(name, size: size)
      return try read(file, into: buffer, at: 0, waited: &waited)
    }
    let file = try opened.withLock { opened throws(Failure) in
      if let opened { return opened }
      let file = OpenFile(try files.open(name, size: size))
      opened = file
      return file
    }
    try read(file.descriptor, into: buffer, at: offset, waited: &waited)
  }

  private func read(
    _ file: borrowing FileDescriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64,
    waited: inout Bool
  ) throws(Failure) {
    let count: Int
    do {
      count = try file.read(into: buffer, at: offset, waited: &waited, "")
    } catch {
      throw files.damaged(file: name, error)
    }
    guard count == buffer.count else { throw files.damaged(file: name, "shorter than recorded") }
  }
}
