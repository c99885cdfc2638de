import Compression
import Diagnostics
import Digests
import Glibc
import ImageSource
import POSIX
import Tar
import ZstdCompression

/// A list of the layers that a receiver has: the output of a program there, or an archive that was loaded there.
public struct LayerList: Sendable {
  /// The layers.
  public internal(set) var known = KnownLayers()
  /// What the user should know about the list.
  public internal(set) var notes: [String] = []
  /// The number of images, chains or digests that were recognised.
  var count = 0
  /// Whether the list may have digests of compressed blobs, which no layer matches.
  public internal(set) var mayBeCompressed = false

  /// The longest text, and the longest JSON value in it, in bytes.
  static let textLimit = 256 << 20

  init() {}

  /// Reads a list from a file or a directory, recognised by its content.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `notFound` for a missing file, and `badData` for anything that
  ///   names no layers.
  public init(at path: Path) throws(Failure) {
    do throws(Failure) {
      let kind = try converting(LayerList.failure) { () throws(SystemError) in try FileStatus.of(path).kind }
      if kind == .directory {
        try add(ImageTexts(directory: path), path.description)
      } else {
        let file = try converting(LayerList.failure) { () throws(SystemError) in
          FileBytes(try FileDescriptor.open(path, O_RDONLY | O_NOCTTY), path: path)
        }
        try read(file, isSeekable: kind == .regular)
      }
      try refuseNothing()
    } catch {
      throw error.subject == path.description ? error : error.within(path.description)
    }
  }

  /// Reads a list from standard input, to its end.
  public init(standardInput file: consuming FileDescriptor) throws(Failure) {
    let title: Path = "standard input"
    do throws(Failure) {
      try read(FileBytes(file, path: title), isSeekable: false)
      try refuseNothing()
    } catch {
      throw error.subject == title.description ? error : error.within(title.description)
    }
  }

  /// Reads an archive or a text, plain or compressed as a whole.
  private mutating func read(_ file: FileBytes, isSeekable: Bool) throws(Failure) {
    if isSeekable, isTar(try file.start(TarHeader.blockSize)) {
      // Without a source in between, the data of layers is passed over.
      return try add(ImageTexts(archive: file), file.name)
    }
    let start = try PeekedSource(file, count: TarHeader.blockSize)
    guard let format = start.format else { return try readPlain(start) }
    try readPlain(PeekedSource(decompressing(start, format), count: TarHeader.blockSize))
  }

  private mutating func readPlain(_ source: PeekedSource) throws(Failure) {
    if isTar(source.start) {
      try add(ImageTexts(archive: source), source.name)
      // The writer of a pipe should not fail.
      return try source.drain()
    }
    let text = try source.contents(limit: LayerList.textLimit)
    try add(text: text)
  }

  /// Adds what a text has, JSON or lines.
  mutating func add(text: [UInt8]) throws(Failure) {
    let first = text.firstIndex { !isBlank($0) && $0 != 0x1E }
    guard let first else { throw .badData("empty; the command before it may have failed") }
    let isJSON = text[first] == UInt8(ascii: "{") || text[first] == UInt8(ascii: "[")
    // Go prints a list of layers as [sha256:… sha256:…].
    if isJSON, !text[first...].dropFirst().starts(with: "sha256:".utf8) {
      try addJSON(text)
    } else {
      try addLines(text)
    }
  }

  private func refuseNothing() throws(Failure) {
    if count == 0 { throw .badData("no list of layers (\(LayerList.remedy))") }
  }

  /// The commands that list layers.
  static let remedy = "podman image inspect $(podman images -q), docker image inspect $(docker images -q)"

  private static func failure(_ error: SystemError) -> Failure {
    error.isNotFound ? Failure(.notFound, error.subject, error.reason) : error.failure
  }
}

/// Whether the first block is a tar header of POSIX or GNU.
private func isTar(_ start: [UInt8]) -> Bool {
  start.count == TarHeader.blockSize && start[257...].starts(with: "ustar".utf8)
}

func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

extension Failure {
  /// A failure for malformed data, without a subject.
  static func badData(_ reason: String) -> Failure { Failure(.badData, "", reason) }
}

extension ByteSource {
  /// All bytes up to the end, at most `limit`.
  func contents(limit: Int) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 17)
    while true {
      let count = try chunk.withMutableBytes { buffer throws(Failure) in try readSome(into: buffer) }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw Failure(.badData, "", "longer than \(limit) bytes") }
      bytes += chunk[..<count]
    }
  }

  /// Reads to the end.
  func drain() throws(Failure) {
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while try chunk.withMutableBytes({ buffer throws(Failure) in try readSome(into: buffer) }) > 0 {}
  }
}
