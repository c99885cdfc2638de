import Compression
import Diagnostics
import Digests
import Glibc
import LayerPipeline
import Tar
import ZstdCompression

/// Reads files once, and finds out what is known about them.
final class ContentInspection {
  /// The longest JSON text that is kept: the limits of readers for manifests, and for the files that list images.
  static let textLimit: UInt64 = 4 << 20
  static let listLimit: UInt64 = 20 << 20
  /// The most bytes of JSON that are kept of all files.
  static let allTextLimit: UInt64 = 64 << 20
  /// Compressed files from this size are decompressed on another thread.
  private static let threadSize: UInt64 = 1 << 20

  private let isDeep: Bool
  private let usesThreads: Bool
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
  private var kept: UInt64 = 0

  /// Inspects files; with `isDeep`, also the members of tars.
  init(isDeep: Bool, usesThreads: Bool) {
    self.isDeep = isDeep
    self.usesThreads = usesThreads
  }

  deinit {
    buffer.deallocate()
  }

  /// Reads a file to its end.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the source.
  func facts(
    of source: any ByteSource, name: [UInt8], size: UInt64, findings: inout Findings
  ) throws(Failure) -> FileFacts {
    var file = FileFacts(name: name)
    let blob = HashingSource(source)
    let start = try PeekedSource(blob, count: TarHeader.blockSize)
    if let format = start.format, format == .gzip || format == .zstd {
      file.inside = try inside(start, format, size, file.title, &findings)
    } else if isText(start.start) {
      file.text = try text(start, file, size, &findings)
    } else if isDeep, looksLikeTar(start.start) {
      try walk(start, file.title, &findings)
    }
    try drain(start)
    file.size = blob.size
    file.digest = blob.digest
    return file
  }

  /// Decompresses a file, and reads the uncompressed bytes to their end.
  private func inside(
    _ source: any ByteSource, _ format: CompressionFormat, _ size: UInt64, _ title: String,
    _ findings: inout Findings
  ) throws(Failure) -> FileFacts.Inside {
    do {
      let decoder = try decompressing(source, format)
      let plain = HashingSource(size < ContentInspection.threadSize ? decoder : readingAhead(decoder))
      if isDeep {
        let start = try PeekedSource(plain, count: TarHeader.blockSize)
        if looksLikeTar(start.start) { try walk(start, title, &findings) }
        try drain(start)
      } else {
        try drain(plain)
      }
      return .compressed(plain.digest, size: plain.size)
    } catch {
      // A damaged archive fails again when the rest of the file is read.
      guard error.kind == .badData else { throw error }
      return .damaged(error.reason)
    }
  }

  /// The bytes of a JSON text; nil if it is too long.
  private func text(
    _ source: any ByteSource, _ file: FileFacts, _ size: UInt64, _ findings: inout Findings
  ) throws(Failure) -> [UInt8]? {
    let isList = ["index.json", "manifest.json"].contains { file.name.elementsEqual($0.utf8) }
    guard size <= (isList ? ContentInspection.listLimit : ContentInspection.textLimit) else { return nil }
    kept += size
    guard kept <= ContentInspection.allTextLimit else {
      findings.add(
        Fault(
          .json, member: file.title, "\(file.title): more than \(ContentInspection.allTextLimit) bytes of JSON")
      )
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    let count = try bytes.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Walks the members of a tar in a file.
  private func walk(_ source: any ByteSource, _ title: String, _ findings: inout Findings) throws(Failure) {
    let reader = TarReader(source)
    do throws(Failure) {
      while let member = try reader.next() {
        guard member.cleanName == nil else { continue }
        findings.add(
          Fault(.name, member: title, "\(title): the member \(printable(bytes: member.name)) leads outside"))
      }
    } catch {
      guard error.kind == .badData else { throw error }
      // Fails if it is the archive around the tar that is damaged.
      try drain(source)
      findings.add(
        Fault(reader.end == .early ? .noTrailer : .tarHeader, member: title, "\(title): \(error.reason)"))
    }
  }

  /// The source, read on another thread if threads are used.
  func readingAhead(_ source: any ByteSource) -> any ByteSource { usesThreads ? ReadAhead(source) : source }

  /// Reads a source to its end.
  func drain(_ source: any ByteSource) throws(Failure) {
    while try source.readSome(into: buffer) > 0 {}
  }

  /// Reads a source to its end; returns whether all bytes are zero.
  func drainZeros(_ source: any ByteSource) throws(Failure) -> Bool {
    var areZero = true
    while true {
      let count = try source.readSome(into: buffer)
      if count == 0 { return areZero }
      guard areZero, let base = buffer.baseAddress else { continue }
      // All bytes are equal to the next one, and the first is zero.
      areZero = buffer[0] == 0 && memcmp(base, base + 1, count - 1) == 0
    }
  }

  private func isText(_ start: [UInt8]) -> Bool {
    let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  private func looksLikeTar(_ start: [UInt8]) -> Bool {
    start.count == TarHeader.blockSize && start[257...].starts(with: "ustar".utf8)
  }
}

/// A source that hashes the bytes that are read.
final class HashingSource: ByteSource {
  private let source: any ByteSource
  private var hash = SHA256()
  /// The number of bytes so far.
  private(set) var size: UInt64 = 0

  init(_ source: any ByteSource) {
    self.source = source
  }

  var name: String { source.name }
  /// The SHA-256 of the bytes so far.
  var digest: Digest { hash.digest() }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    let count = try source.readSome(into: buffer)
    hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    size += UInt64(count)
    return count
  }
}
