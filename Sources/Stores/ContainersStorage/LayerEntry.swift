import Diagnostics
import Digests
import JSON
import POSIX

/// A record of layers.json; members are decoded on demand.
///
/// Source: containers/storage layers.go, type Layer.
struct LayerEntry: Sendable {
  private let record: JSONValue
  private let file: Path

  init(record: JSONValue, file: Path) {
    self.record = record
    self.file = file
  }

  /// The ID; nil if it is missing or invalid.
  var id: StorageID? { record["id"]?.string.flatMap { StorageID($0) } }

  /// The ID of the parent layer, as written; nil for a base layer.
  var parent: String? { record["parent"]?.string.flatMap { $0.isEmpty ? nil : $0 } }

  /// The digest of the uncompressed tar, which an export of the layer must match.
  ///
  /// A layer that was pulled by its table of contents and never read whole has the digest that its image
  /// expects.
  func diffID() throws(Failure) -> Digest {
    if let digest = try digest("diff-digest") { return digest }
    guard try digest("toc-digest") != nil else {
      throw damaged("no digest of the archive or of its table of contents")
    }
    guard let expected = record["flags"]?["expected-layer-diffid"]?.string.flatMap({ Digest($0) }) else {
      throw damaged("digest of the archive is unknown (no expected-layer-diffid)")
    }
    return expected
  }

  /// The length of the uncompressed tar in bytes; nil if the store does not record it.
  func size() throws(Failure) -> UInt64? {
    guard let value = record["diff-size"], !value.isNull else { return 0 }
    guard let size = value.int64, size >= -1 else { throw damaged("invalid diff-size") }
    return size < 0 ? nil : UInt64(size)
  }

  /// Whether the layer's creation or removal is in progress or was interrupted.
  var isIncomplete: Bool { record["flags"]?["incomplete"]?.bool == true }

  /// Refuses a malformed record and an incomplete layer.
  func validate() throws(Failure) {
    do {
      _ = try JSONValue(parsing: Array(record.raw), rules: .strict)
    } catch {
      throw damaged(error.reason)
    }
    if isIncomplete {
      throw damaged("incomplete: its creation or removal was interrupted")
    }
  }

  private func digest(_ key: StaticString) throws(Failure) -> Digest? {
    guard let text = record[key]?.string, !text.isEmpty else { return nil }
    guard let digest = Digest(text) else { throw damaged("invalid \(key) \"\(text)\"") }
    return digest
  }

  /// The failure of a damaged record.
  func damaged(_ reason: String) -> Failure {
    Failure(.badData, file.description, "layer \(id?.short ?? "without an ID"): \(reason)")
  }
}
