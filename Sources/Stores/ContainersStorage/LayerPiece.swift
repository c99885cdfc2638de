import Diagnostics
import POSIX
import Synchronization

/// The next bytes of a layer's tar: those that were recorded are in the buffer already, the rest stands in files.
///
/// The files can be read from any thread, while other pieces of the layer are laid out or loaded.
public struct LayerPiece: Sendable {
  /// The number of bytes, less than the buffer's only at the end of the tar.
  public let count: Int
  private let parts: [Part]

  /// What a file gives to a piece.
  struct Part: Sendable {
    let file: LayerFile
    /// Where in the file it starts, in bytes.
    let offset: UInt64
    /// Where in the buffer it belongs.
    let place: Range<Int>
  }

  init(count: Int, parts: [Part]) {
    self.count = count
    self.parts = parts
  }

  /// Whether nothing is left to be loaded.
  public var isComplete: Bool { parts.isEmpty }

  /// Reads what stands in files into the buffer that the piece was laid out in; tells whether the disk was waited for.
  public func load(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Bool {
    var waited = false
    for part in parts {
      let place = UnsafeMutableRawBufferPointer(rebasing: buffer[part.place])
      try part.file.read(into: place, at: part.offset, waited: &waited)
    }
    return waited
  }
}

/// A file of a layer that is read in one or several pieces, perhaps by several threads.
final class LayerFile: Sendable {
  private let name: [UInt8]
  private let size: UInt64
  private let files: LayerFiles
  /// The open file, once a thread has read a part of it.
  private let opened = Mutex<OpenFile?>(nil)

  /// Holds a descriptor where only copyable values can be kept.
  private final class OpenFile: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) {
      self.descriptor = descriptor
    }
  }

  init(_ name: [UInt8], size: UInt64, of files: LayerFiles) {
    self.name = name
    self.size = size
    self.files = files
  }

  /// Fills a buffer from an offset of the file, which must reach so far.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64, waited: inout Bool
  ) throws(Failure) {
    if UInt64(buffer.count) == size {
      // The whole file: nobody else will want it.
      let file = try files.open(name, size: size)
      return try read(file, into: buffer, at: 0, waited: &waited)
    }
    let result = opened.withLock { opened in
      Result { () throws(Failure) in
        if let opened { return opened }
        let file = OpenFile(try files.open(name, size: size))
        opened = file
        return file
      }
    }
    try read(result.get().descriptor, into: buffer, at: offset, waited: &waited)
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
