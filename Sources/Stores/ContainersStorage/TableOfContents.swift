import Digests
import JSON
import POSIX

/// The table of contents of a zstd:chunked archive, as far as it tells which contents a file has.
///
/// The entries are decoded one by one, so that what is held besides the text is little more than names and digests.
/// Source: containers/storage pkg/chunked/internal/minimal, type TOC.
struct TableOfContents {
  /// The largest table that is read, in bytes; the limit of containers/storage.
  static let sizeLimit = 150 << 20
  /// The longest entry, and the most that a table may hold besides its entries, in bytes.
  private static let partLimit = 4 << 20

  /// The digests of regular files by their cleaned names; of a name that repeats, the last.
  private(set) var files: [[UInt8]: Digest] = [:]

  /// Reads a table; nothing but grammar that every reader takes the same way is accepted.
  init(parsing text: [UInt8]) throws(JSONError) {
    let result = text.withUnsafeBytes { buffer in
      Result { () throws(JSONError) in
        var splitter = EntrySplitter(buffer)
        while let entry = try splitter.next(limit: TableOfContents.partLimit) { try add(entry) }
        // What is left has the grammar of the whole, with an empty list of entries.
        _ = try JSONValue(parsing: splitter.rest)
      }
    }
    try result.get()
  }

  private mutating func add(_ entry: [UInt8]) throws(JSONError) {
    let value = try JSONValue(parsing: entry)
    guard value["type"]?.isString("reg") == true else { return }
    guard let name = value["name"]?.stringBytes else {
      throw JSONError(offset: 0, reason: "file without a name")
    }
    // Files without contents have no digest.
    guard let text = value["digest"]?.string, !text.isEmpty else {
      files[Path.cleaned(belowRoot: name)] = nil
      return
    }
    guard let digest = Digest(text) else { throw JSONError(offset: 0, reason: "invalid digest \"\(text)\"") }
    files[Path.cleaned(belowRoot: name)] = digest
  }
}

/// Takes the entries out of a table of contents one by one, and keeps the rest of its text.
private struct EntrySplitter {
  private let text: UnsafeRawBufferPointer
  private var position = 0
  private var depth = 0
  private var isInEntries = false
  private var isFirst = true
  private var lastString: Range<Int> = 0..<0
  /// The text without the entries, up to where it was looked through.
  private(set) var rest: [UInt8] = []

  init(_ text: UnsafeRawBufferPointer) {
    self.text = text
  }

  /// The text of the next entry, nil at the end of the table.
  mutating func next(limit: Int) throws(JSONError) -> [UInt8]? {
    while position < text.count, !isInEntries {
      if rest.count > limit { throw failure("too much besides entries") }
      try step()
    }
    guard isInEntries else { return nil }
    skipSpace()
    if isFirst, byte == 0x5D {
      isInEntries = false
      return try next(limit: limit)
    }
    isFirst = false
    var scanner = FrameScanner()
    let end = min(text.count, position + limit)
    guard let length = scanner.scan(UnsafeRawBufferPointer(rebasing: text[position..<end])) else {
      throw failure(
        scanner.isMalformed ? "expected an entry" : end < text.count ? "entry too long" : "unexpected end")
    }
    let entry = Array(text[position..<(position + length)])
    position += length
    skipSpace()
    switch byte {
    case 0x2C: position += 1
    case 0x5D: isInEntries = false
    default: throw failure("expected a comma or the end of the entries")
    }
    return entry
  }

  /// Moves over one character outside the entries, or over one string.
  private mutating func step() throws(JSONError) {
    let start = position
    position += 1
    switch text[start] {
    case 0x22:
      try skipString()
      lastString = (start + 1)..<(position - 1)
    case 0x5B where depth == 1 && text[lastString].elementsEqual("entries".utf8):
      isInEntries = true
      isFirst = true
      depth += 1
    case 0x5B, 0x7B: depth += 1
    case 0x5D, 0x7D: depth -= 1
    default: break
    }
    rest += text[start..<position]
  }

  private mutating func skipString() throws(JSONError) {
    while position < text.count, text[position] != 0x22 { position += text[position] == 0x5C ? 2 : 1 }
    position += 1
    if position > text.count { throw failure("unexpected end") }
  }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private var byte: UInt8? { position < text.count ? text[position] : nil }

  private func failure(_ reason: String) -> JSONError { JSONError(offset: position, reason: reason) }
}
