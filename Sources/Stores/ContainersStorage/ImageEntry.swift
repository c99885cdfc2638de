import Diagnostics
import Digests
import JSON
import POSIX

/// A record of images.json; members are decoded on demand.
///
/// Source: containers/storage images.go, type Image.
public struct ImageEntry: Sendable {
  let record: JSONValue
  /// The directory that holds the records and the data of the image's store.
  let directory: Path

  init(record: JSONValue, directory: Path) {
    self.record = record
    self.directory = directory
  }

  /// The ID; nil if it is missing or invalid.
  public var id: StorageID? { record["id"]?.string.flatMap { StorageID($0) } }

  /// The ID as written, to compare with user input.
  public var idText: String { record["id"]?.string ?? "" }

  /// The names as stored; they may be unnormalized, or no references at all.
  public var names: [String] { record["names"]?.elements.compactMap(\.string) ?? [] }

  /// The ID of the image's top layer; nil for an image without layers.
  public var topLayer: String? { record["layer"]?.string.flatMap { $0.isEmpty ? nil : $0 } }

  /// The creation time as written (RFC 3339); nil if absent.
  public var created: String? { record["created"]?.string }

  /// The digests that identify the image: its own and those of all its manifests.
  ///
  /// Invalid digests are left out.
  public var digests: [Digest] {
    var result: [Digest] = []
    if let digest = record["digest"]?.string.flatMap({ Digest($0) }) { result.append(digest) }
    guard let items = record["big-data-digests"] else { return result }
    for (key, value) in items.members {
      guard let key = key.string, key.hasPrefix("manifest"), let digest = value.string.flatMap({ Digest($0) })
      else { continue }
      if !result.contains(digest) { result.append(digest) }
    }
    return result
  }

  /// The digests of the items `manifest-DIGEST`, in the order of the record.
  public var furtherManifests: [Digest] {
    let prefix = "manifest-"
    return (record["big-data-names"]?.elements.compactMap(\.string) ?? []).filter { $0.hasPrefix(prefix) }
      .compactMap { Digest(String($0.dropFirst(prefix.count))) }
  }

  /// Checks the record strictly: an ID of 64 digits, no duplicate member, no malformed text.
  ///
  /// Call it only for records in use, so that one damaged record does not affect other images.
  public func validated() throws(Failure) -> StorageID {
    let file = directory.appending("images.json")
    do {
      _ = try JSONValue(parsing: Array(record.raw), rules: .strict)
    } catch {
      throw Failure(.badData, file.description, "record of image \(idText): \(error.reason)")
    }
    guard let id else { throw Failure(.badData, file.description, "invalid image ID \"\(idText)\"") }
    return id
  }
}
