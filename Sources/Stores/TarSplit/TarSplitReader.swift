import Base64
import Compression
import Diagnostics
import ImageSource
import JSON
import POSIX

/// Reads the records of a tar-split file: which bytes of a layer's tar are recorded, and which are in files.
///
/// The file is a gzipped sequence of JSON objects. Records in the form that Go writes are read without a
/// general JSON decoder; all others with one.
/// Source: vbatts/tar-split, tar/storage.
public struct TarSplitReader: ~Copyable {
  /// A record.
  public enum Record {
    /// Bytes of the tar itself: headers, padding, the end; see ``TarSplitReader/segment``.
    case segment
    /// The contents of a file of `size` bytes, named ``TarSplitReader/name``.
    case file(size: UInt64, checksum: UInt64)
  }

  /// The bytes of the last segment.
  public private(set) var segment: [UInt8] = []
  /// The name of the last file, as in its header.
  public private(set) var name: [UInt8] = []

  private let inflater: Inflater
  private let path: Path
  /// Inflated bytes; those in `start..<end` are not used yet.
  private var unread: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var records = 0

  /// The longest record: many times a mebibyte of padding in base64.
  private static let recordLimit = 16 << 20
  private static let initialCapacity = 256 << 10

  /// Opens a tar-split file.
  public init(_ path: Path) throws(Failure) {
    let file: FileBytes
    do {
      file = try FileBytes.open(path)
    } catch {
      throw error.isNotFound
        ? Failure(.badData, path.description, "no tar-split data; the original archive cannot be reproduced")
        : error.failure
    }
    self.init(try Inflater(file), path)
  }

  /// Cannot throw: Swift 6.2 cannot undo a partially initialized noncopyable value.
  private init(_ inflater: Inflater, _ path: Path) {
    self.inflater = inflater
    self.path = path
    unread = .allocate(byteCount: TarSplitReader.initialCapacity, alignment: 16)
  }

  deinit {
    unread.deallocate()
  }

  /// The next record; nil at the end of the file.
  public mutating func next() throws(Failure) -> Record? {
    guard let frame = try nextFrame() else { return nil }
    records += 1
    if let record = try parseCanonical(frame) { return record }
    return try parseGeneral(frame)
  }

  /// Consumes the next JSON object; the buffer is valid until the next call.
  private mutating func nextFrame() throws(Failure) -> UnsafeRawBufferPointer? {
    var skipped = 0
    while true {
      let space = unread[start..<end].prefix(while: isSpace).count
      start += space
      skipped += space
      if skipped > 1 << 16 { throw damaged("too much white space") }
      if start < end { break }
      if try !refill() { return nil }
    }
    var scanner = FrameScanner()
    while true {
      if let length = scanner.scan(UnsafeRawBufferPointer(rebasing: unread[start..<end])) {
        defer { start += length }
        return UnsafeRawBufferPointer(rebasing: unread[start..<(start + length)])
      }
      if scanner.isMalformed { throw damaged("expected an object") }
      if try !refill() { throw damaged("unexpected end") }
    }
  }

  /// Reads more after the unused bytes; returns false at the end of the file.
  private mutating func refill() throws(Failure) -> Bool {
    if start > 0 {
      unread.copyMemory(from: UnsafeRawBufferPointer(rebasing: unread[start..<end]))
      end -= start
      start = 0
    }
    if end == unread.count {
      guard unread.count < TarSplitReader.recordLimit else { throw damaged("record too long") }
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: unread.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: unread[..<end]))
      unread.deallocate()
      unread = larger
    }
    let count = try inflater.readSome(into: UnsafeMutableRawBufferPointer(rebasing: unread[end...]))
    end += count
    return count > 0
  }

  /// Whether the last header of the last segment is of a kind that has data.
  ///
  /// Links, devices, directories and FIFOs may have a size, but have no data.
  public var lastHeaderHasBody: Bool {
    guard segment.count >= 512 else { return true }
    return !(0x31...0x36).contains(segment[segment.count - 512 + 156])
  }

  /// The failure of a damaged record.
  public func damaged(_ reason: String) -> Failure {
    Failure(.badData, path.description, "tar-split record \(records): \(reason)")
  }
}

private func isSpace(_ byte: UInt8) -> Bool {
  byte == 0x0A || byte == 0x20 || byte == 0x0D || byte == 0x09
}

// MARK: - Records

extension TarSplitReader {
  /// Reads a record in exactly the form that Go writes; nil for any other form.
  private mutating func parseCanonical(_ frame: UnsafeRawBufferPointer) throws(Failure) -> Record? {
    var cursor = Cursor(frame)
    if cursor.skip("{\"type\":2,\"payload\":\"") {
      guard let payload = cursor.textUpToQuote(), cursor.skipPosition() else { return nil }
      try decodeSegment(payload)
      return .segment
    }
    guard cursor.skip("{\"type\":1,\"name\":\""), let text = cursor.textUpToQuote() else { return nil }
    var size: UInt64 = 0
    if cursor.skip(",\"size\":") {
      guard let number = cursor.number() else { return nil }
      size = number
    }
    var checksum: UInt64 = 0
    if cursor.skip(",\"payload\":\"") {
      guard let payload = cursor.textUpToQuote() else { return nil }
      checksum = try decodeChecksum(payload)
    } else {
      _ = cursor.skip(",\"payload\":null")
    }
    guard cursor.skipPosition() else { return nil }
    name.removeAll(keepingCapacity: true)
    name.append(contentsOf: text)
    return .file(size: size, checksum: checksum)
  }

  /// Reads a record in any form that JSON allows.
  private mutating func parseGeneral(_ frame: UnsafeRawBufferPointer) throws(Failure) -> Record {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: Array(frame), rules: .strict)
    } catch {
      throw damaged("\(error)")
    }
    let payload = value["payload"]?.stringBytes ?? []
    switch value["type"]?.int64 {
    case 2:
      try payload.withBytes { bytes throws(Failure) in
        try decodeSegment(bytes)
      }
      return .segment
    case 1:
      let size = value["size"].map { $0.int64 ?? -1 } ?? 0
      guard size >= 0 else { throw damaged("invalid size") }
      if let raw = value["name_raw"]?.stringBytes, !raw.isEmpty {
        guard let decoded = base64Decoded(raw) else { throw damaged("name_raw is not base64") }
        name = decoded
      } else {
        name = value["name"]?.stringBytes ?? []
      }
      let checksum = try payload.withBytes { bytes throws(Failure) in
        try decodeChecksum(bytes)
      }
      return .file(size: UInt64(size), checksum: checksum)
    default: throw damaged("unknown type")
    }
  }

  private mutating func decodeSegment(_ text: UnsafeRawBufferPointer) throws(Failure) {
    let capacity = text.count / 4 * 3
    if segment.count != capacity {
      segment.removeAll(keepingCapacity: true)
      segment.append(contentsOf: repeatElement(0, count: capacity))
    }
    let count = segment.withUnsafeMutableBytes { base64Decode(text, into: $0) }
    guard let count else { throw damaged("payload is not base64") }
    segment.removeLast(capacity - count)
  }

  /// The CRC-64 of a file: eight bytes, most significant first; empty for an empty file.
  private func decodeChecksum(_ text: UnsafeRawBufferPointer) throws(Failure) -> UInt64 {
    if text.count == 0 { return 0 }
    guard let bytes = base64Decoded(text), bytes.count == 8 else { throw damaged("invalid checksum") }
    return bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
