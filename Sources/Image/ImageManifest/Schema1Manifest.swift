import Diagnostics
import Digests
import ImageModel
import JSON

/// What a Docker manifest of version 2, schema 1 says: a chain of layers, each with the config of its image.
///
/// Signatures are not checked. Entries that repeat the ID of the one before are dropped.
/// Source: distribution, manifest-v2-1.md; containers/image, manifest/docker_schema1.go.
struct Schema1Manifest: Sendable {
  /// One step of the image's history.
  struct Entry: Sendable {
    /// The `v1Compatibility` text: a JSON object about the image that ends with this entry.
    let compatibility: [UInt8]
    /// What is read of it.
    let fields: GoValue

    /// Whether the entry changes the config only and has no layer.
    var isThrowaway: Bool { fields["throwaway"].isTrue }
    fileprivate var id: [UInt8] { fields["id"].bytes }
    fileprivate var parent: [UInt8] { fields["parent"].bytes }
  }

  /// The entries, base first.
  let entries: [Entry]

  init(_ value: JSONValue) throws(Failure) {
    let manifest = try decoded(value, as: .schema1Manifest)
    guard manifest["schemaVersion"].number == 1 else {
      throw .badData("unsupported schema version \(manifest["schemaVersion"].number)")
    }
    try refuseAmbiguity(value, type: .dockerSchema1Signed, allowing: ["fsLayers", "history"])
    let sums = manifest["fsLayers"].elements.map { $0["blobSum"] }
    let history = manifest["history"].elements.map { $0["v1Compatibility"].bytes }
    guard sums.count == history.count else {
      throw .badData("length of history not equal to number of layers")
    }
    guard !history.isEmpty else { throw .badData("no FSLayers in manifest") }
    for sum in sums where Digest(utf8: sum.bytes[...]) == nil {
      throw .badData("invalid digest \(quoted(sum.text)) in fsLayers")
    }
    var entries: [Entry] = []
    entries.reserveCapacity(history.count)
    for (index, text) in history.enumerated() {
      entries.append(try Schema1Manifest.entry(text, index))
    }
    try Schema1Manifest.check(entries)
    // Newest first in the manifest: of entries with one ID, the oldest, which is the last, stays.
    self.entries = entries.enumerated().filter { index, entry in
      index + 1 == entries.count || entry.id != entries[index + 1].id
    }.map(\.element).reversed()
  }

  private static func entry(_ text: [UInt8], _ index: Int) throws(Failure) -> Entry {
    do {
      let value = try JSONValue(parsing: text, rules: .lenient)
      return Entry(compatibility: text, fields: try GoValue(value, as: .schema1Compatibility))
    } catch {
      let reason = (error as? GoDecodingError)?.reason ?? "\(error)"
      throw .badData("parsing v2s1 history entry \(index): \(reason)")
    }
  }

  /// Checks that the entries, newest first, form one chain without cycles.
  private static func check(_ entries: [Entry]) throws(Failure) {
    for entry in entries where !isID(entry.id) {
      throw .badData("image ID \(quoted(entry.fields["id"].text)) is invalid")
    }
    guard entries.last?.parent.isEmpty ?? true else {
      throw .badData("Invalid parent ID in the base layer of the image")
    }
    var seen = Set<[UInt8]>()
    var last: [UInt8] = []
    for entry in entries {
      if entry.id != last, !seen.insert(entry.id).inserted {
        throw .badData("ID \(entry.fields["id"].text) appears multiple times in manifest")
      }
      last = entry.id
    }
    for (entry, next) in zip(entries, entries.dropFirst()).reversed()
    where entry.id != next.id && entry.parent != next.id {
      throw .badData(
        "Invalid parent ID. Expected \(next.fields["id"].text), got \(quoted(entry.fields["parent"].text))")
    }
  }

  private static func isID(_ text: [UInt8]) -> Bool {
    text.count == 64 && text.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
