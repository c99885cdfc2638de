import Compression
import Diagnostics
import Glibc
import ImageSource
import POSIX
import ZstdCompression

/// An archive that is open: a file that is read in place, or a copy of a compressed one or of a pipe.
final class Archive: Sendable {
  /// The path for messages.
  let name: String
  /// The bytes of the tar.
  let file: OpenFile
  /// The number of bytes of the tar.
  let size: UInt64
  /// The number of bytes of the file; nil for a pipe.
  let fileSize: UInt64?

  private init(name: String, file: OpenFile, size: UInt64, fileSize: UInt64?) {
    self.name = name
    self.file = file
    self.size = size
    self.fileSize = fileSize
  }

  /// The archives of this process: a copy is made once, and a pipe can be read only once.
  private static let opened = Lock<[Path: Archive]>([:])
  /// The path of standard input in records.
  static let standardInput: Path = "/dev/stdin"

  /// Opens an archive, or returns it if it is open already.
  ///
  /// - Throws: A failure; of the kind `notFound` for a missing file, `usage` for a pipe unless `acceptsStreams`.
  static func open(_ path: Path, acceptsStreams: Bool) throws(Failure) -> Archive {
    if let known = opened.withLock({ $0[path] }) { return known }
    let archive = try Archive(opening: path, acceptsStreams)
    opened.withLock { $0[path] = archive }
    return archive
  }

  /// Opens an archive again, even if it is open already.
  convenience init(opening path: Path, _ acceptsStreams: Bool) throws(Failure) {
    let isInput = path == Archive.standardInput
    let name = isInput ? "standard input" : path.description
    // Waits for the writer of a FIFO only if its output can be used.
    if !isInput, !acceptsStreams, let status = try? FileStatus.of(path), status.kind == .special {
      throw Archive.needsFile(name)
    }
    if isInput, !acceptsStreams { throw Archive.needsFile(name) }
    let file = try Archive.file(isInput ? nil : path, name)
    let status = try file.status(name)
    switch status.kind {
    case .directory: throw Failure(.badData, name, "a directory; use oci: or dir:")
    case .special where isInput && file.isTerminal:
      throw Failure(.usage, name, "an archive is needed, not a terminal")
    case .regular where file.isAtStart: try self.init(regular: file, name, status.size)
    default:
      let source = try PeekedSource(OpenFileStream(file, name: name), count: CompressionFormat.magicSize)
      guard let format = source.format else {
        try self.init(copying: source, name)
        return
      }
      try self.init(copying: try decompressing(source, format), name)
    }
  }

  /// Opens a file, or standard input for nil.
  private static func file(_ path: Path?, _ name: String) throws(Failure) -> OpenFile {
    do {
      guard let path else { return OpenFile(try InheritedDescriptor.duplicate(0, name)) }
      return OpenFile(try FileDescriptor.open(path, O_RDONLY | O_NOCTTY))
    } catch {
      throw error.isNotFound ? Failure(.notFound, name, error.reason) : error.failure
    }
  }

  private convenience init(regular file: OpenFile, _ name: String, _ size: UInt64) throws(Failure) {
    if size == 0 { throw Failure(.badData, name, "the file is empty") }
    let whole = NamedFile(name: name, size: size) { file }
    guard let format = CompressionFormat(startingWith: try whole.start(CompressionFormat.magicSize)) else {
      self.init(name: name, file: file, size: size, fileSize: size)
      return
    }
    let source = OpenFileBytes(file, size: size, name: name)
    try self.init(copying: try decompressing(source, format), name, fileSize: size)
  }

  /// Copies a tar to a file without a name, in TMPDIR or else in /var/tmp, which is for large files.
  private convenience init(copying source: any ByteSource, _ name: String, fileSize: UInt64? = nil)
    throws(Failure)
  {
    let directory = Path.temporaryFiles
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
    defer { buffer.deallocate() }
    var size: UInt64 = 0
    let copy: FileDescriptor
    do {
      copy = try FileDescriptor.temporary(in: directory)
    } catch {
      throw Failure(.inputOutput, directory.description, "cannot copy the archive: \(error.reason)")
    }
    while true {
      let count = try source.read(into: buffer)
      do {
        try copy.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), directory.description)
      } catch {
        throw Failure(.inputOutput, directory.description, "cannot copy the archive: \(error.reason)")
      }
      size += UInt64(count)
      if count < buffer.count { break }
    }
    if size == 0 { throw Failure(.badData, name, "there is no data") }
    self.init(name: name, file: OpenFile(copy), size: size, fileSize: fileSize)
  }

  private static func needsFile(_ name: String) -> Failure {
    Failure(.usage, name, "a pipe can be read only once: give a file, or use img-save")
  }
}
