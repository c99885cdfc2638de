import Diagnostics
import ImageSource

/// The files of one place by name: those of a directory, or the members of a tar.
protocol NamedFiles: Sendable {
  /// The path of the place, for messages.
  var name: String { get }

  /// Finds a regular file by its name, components separated by slashes; nil if there is none.
  ///
  /// - Throws: A failure of the kind `badData` for a file of another kind, and a fault of the system.
  func find(_ name: String) throws(Failure) -> NamedFile?
}

extension NamedFiles {
  /// The bytes of a file of at most `limit` bytes; nil if there is none.
  func contents(of name: String, limit: Int) throws(Failure) -> [UInt8]? {
    try find(name)?.contents(limit: limit)
  }
}

/// A file in a place: a whole file of a directory, or a part of an archive.
struct NamedFile: Sendable {
  /// The path for messages.
  let name: String
  /// The offset in the archive; 0 for a whole file.
  let offset: UInt64
  /// The number of bytes.
  let size: UInt64
  private let open: @Sendable () throws(Failure) -> OpenFile

  /// A file that `open` opens for each reader.
  init(name: String, offset: UInt64 = 0, size: UInt64, open: @escaping @Sendable () throws(Failure) -> OpenFile)
  {
    self.name = name
    self.offset = offset
    self.size = size
    self.open = open
  }

  /// All bytes, at most `limit`.
  func contents(limit: Int) throws(Failure) -> [UInt8] {
    guard size <= UInt64(limit) else { throw Failure(.badData, name, "longer than \(limit) bytes") }
    return try start(Int(size))
  }

  /// The first bytes; fewer if the file is shorter.
  func start(_ count: Int) throws(Failure) -> [UInt8] {
    let file = try open()
    var bytes = [UInt8](repeating: 0, count: Int(min(UInt64(count), size)))
    _ = try bytes.withMutableBytes { buffer throws(Failure) in try file.read(into: buffer, at: offset, name) }
    return bytes
  }

  /// The same file, open from now on: readable even if it is removed.
  func held() throws(Failure) -> NamedFile {
    let file = try open()
    return NamedFile(name: name, offset: offset, size: size) { file }
  }

  /// A reader of the bytes.
  func reader() throws(Failure) -> any LayerReader { NamedFileReader(try open(), self) }
}

/// Reads a file piece by piece; the pieces are loaded by the caller, on any thread.
private final class NamedFileReader: LayerReader {
  private let file: OpenFile
  private let name: String
  private var position: UInt64
  private let end: UInt64

  init(_ file: OpenFile, _ named: NamedFile) {
    self.file = file
    name = named.name
    position = named.offset
    end = named.offset + named.size
  }

  func next(into buffer: UnsafeMutableRawBufferPointer) -> PendingPiece {
    let count = Int(min(UInt64(buffer.count), end - position))
    if count == 0 { return PendingPiece(count: 0) }
    let (file, name, start) = (file, name, position)
    position += UInt64(count)
    return PendingPiece(count: count) { buffer throws(Failure) in
      try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), at: start, name)
    }
  }
}

/// A blob of an image as the bytes of a layer.
struct BlobSource: LayerSource {
  /// The image, for messages.
  let name: String
  let file: NamedFile

  func open() throws(Failure) -> any LayerReader { try file.reader() }
}
