import Digests
import JSON
import POSIX

/// The table of contents of a zstd:chunked archive: the digest of each file's contents.
///
/// Decodes entries one by one, so that memory holds little more than the text, names and digests.
/// Source: containers/storage pkg/chunked/internal/minimal, type TOC.
struct TableOfContents {
  /// The largest table to read, in bytes; the limit of containers/storage.
  static let sizeLimit = 150 << 20
  /// The longest entry, and the longest table without its entries, in bytes.
  private static let partLimit = 4 << 20

  /// The digests of regular files by their cleaned names; of duplicate names the last counts.
  private(set) var files: [[UInt8]: Digest] = [:]

  /// Reads a table; accepts only JSON that all readers interpret alike.
  init(parsing text: [UInt8]) throws(JSONError) {
    var entries = JSONArrayReader(text, elementsOf: "entries", limit: TableOfContents.partLimit)
    while let entry = try entries.next() { try add(entry) }
  }

  private mutating func add(_ entry: JSONValue) throws(JSONError) {
    guard entry.kind == .object else { throw JSONError(offset: entry.offset, reason: "expected an entry") }
    guard entry["type"]?.isString("reg") == true else { return }
    guard let name = entry["name"]?.stringBytes else {
      throw JSONError(offset: entry.offset, reason: "file without a name")
    }
    // Files without contents have no digest.
    guard let text = entry["digest"]?.string, !text.isEmpty else {
      files[Path.cleaned(belowRoot: name)] = nil
      return
    }
    guard let digest = Digest(text) else {
      throw JSONError(offset: entry.offset, reason: "invalid digest \"\(text)\"")
    }
    files[Path.cleaned(belowRoot: name)] = digest
  }
}
