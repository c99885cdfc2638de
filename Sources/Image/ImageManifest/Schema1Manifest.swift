import Diagnostics
import Digests
import GoJSON
import ImageModel
import JSON

/// A decoded Docker manifest, version 2, schema 1: a chain of layers, each with the config of its image.
///
/// Signatures are not checked. Entries that repeat the ID of the one before are dropped.
/// Source: distribution, manifest-v2-1.md; containers/image, manifest/docker_schema1.go.
struct Schema1Manifest: Sendable {
  /// One step of the image's history.
  struct Entry: Sendable {
    /// The `v1Compatibility` text: a JSON object about the image that ends with this entry.
    let compatibility: [UInt8]
    /// The decoded members of this text.
    let spec: Schema1Spec.V1Compatibility

    /// Whether the entry changes the config only and has no layer.
    var isThrowaway: Bool { spec.isThrowaway }
    fileprivate var id: String { spec.id }
    fileprivate var parent: String { spec.parent }
  }

  /// The entries, base first.
  let entries: [Entry]

  init(_ value: JSONValue) throws(Failure) {
    let spec: Schema1Spec.Manifest = try decoded(value)
    guard spec.schemaVersion == 1 else {
      throw .badData("unsupported schema version \(spec.schemaVersion)")
    }
    try refuseAmbiguity(value, type: .dockerSchema1Signed, allowing: [.fsLayers, .history])
    let sums = (spec.fsLayers ?? []).map(\.blobSum.value)
    let history = (spec.history ?? []).map(\.v1Compatibility)
    guard sums.count == history.count else {
      throw .badData("length of history not equal to number of layers")
    }
    guard !history.isEmpty else { throw .badData("no FSLayers in manifest") }
    for sum in sums where Digest(sum) == nil {
      throw .badData("invalid digest \(goQuoted(sum)) in fsLayers")
    }
    var entries: [Entry] = []
    entries.reserveCapacity(history.count)
    for (index, text) in history.enumerated() {
      entries.append(try Schema1Manifest.entry(Array(text.utf8), index))
    }
    try Schema1Manifest.check(entries)
    // The manifest lists the newest entry first. Of entries with one ID, the oldest, which is the last, stays.
    self.entries = entries.enumerated().filter { index, entry in
      index + 1 == entries.count || entry.id != entries[index + 1].id
    }.map(\.element).reversed()
  }

  private static func entry(_ text: [UInt8], _ index: Int) throws(Failure) -> Entry {
    do {
      return Entry(compatibility: text, spec: try Schema1Spec.V1Compatibility(parsing: text))
    } catch {
      throw .badData("parsing v2s1 history entry \(index): \(error.reason)")
    }
  }

  /// Checks that the entries, newest first, form one chain without cycles.
  private static func check(_ entries: [Entry]) throws(Failure) {
    for entry in entries where !isID(entry.id) {
      throw .badData("image ID \(goQuoted(entry.id)) is invalid")
    }
    if let base = entries.last, !base.parent.isEmpty {
      throw .badData("Invalid parent ID in the base layer of the image")
    }
    var seen = Set<String>()
    var last = ""
    for entry in entries {
      if entry.id != last, !seen.insert(entry.id).inserted {
        throw .badData("ID \(entry.id) appears multiple times in manifest")
      }
      last = entry.id
    }
    for (entry, next) in zip(entries, entries.dropFirst()).reversed()
    where entry.id != next.id && entry.parent != next.id {
      throw .badData(
        "Invalid parent ID. Expected \(next.id), got \(goQuoted(entry.parent))")
    }
  }

  private static func isID(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
