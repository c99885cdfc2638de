import ContainersStorage
import Foundation
import POSIX
import StoreFixtures
import Testing

/// A temporary store on disk: image records and their data items, without layers.
///
/// The expected results come from the same stores. Signatures are omitted; the `instances.json` of lists were
/// missing and are generated from their manifests.
final class FixtureStore {
  private let folder: TemporaryDirectory

  /// The absolute path of the store.
  var root: String { folder.path }

  /// The store with a name; adds names to one of its images, or omits an item.
  init(
    _ name: String, adding names: [String] = [], to image: String = "",
    without item: (id: String, name: String)? = nil
  ) throws {
    var records = try Fixture.data("stores/\(name)")
    if !names.isEmpty { records = try FixtureStore.adding(names, to: image, in: records) }
    var items = try FixtureStore.items.get()
    if let item { items[item.id]?[item.name] = nil }
    let ids = try JSONDecoder().decode([Record].self, from: records).map(\.id)
    items = items.filter { ids.contains($0.key) }
    guard !items.isEmpty else { throw Fixture.WrongCount(name: name, found: 0) }
    folder = try FixtureStore.write(records: records, items: items)
  }

  private struct Record: Decodable {
    let id: String
  }

  private static let items = Result {
    try JSONDecoder().decode([String: [String: String]].self, from: Fixture.data("items"))
  }

  private static func adding(_ names: [String], to image: String, in records: Data) throws -> Data {
    var images = try #require(JSONSerialization.jsonObject(with: records) as? [[String: Any]])
    for index in images.indices where images[index]["id"] as? String == image {
      images[index]["names"] = (images[index]["names"] as? [String] ?? []) + names
    }
    return try JSONSerialization.data(withJSONObject: images)
  }

  /// A store with records from a test.
  init(records: String, items: [String: [String: String]] = [:]) throws {
    folder = try FixtureStore.write(records: Data(records.utf8), items: items)
  }

  func location(with additional: [FixtureStore] = []) -> StoreLocation {
    StoreLocation(
      root: Path(root), driver: .overlay, additionalStores: additional.map { Path($0.root) })
  }

  func snapshot(with additional: [FixtureStore] = []) throws -> StoreSnapshot {
    try StoreSnapshot(of: location(with: additional))
  }

  private static func write(records: Data, items: [String: [String: String]]) throws -> TemporaryDirectory {
    let folder = try TemporaryDirectory()
    try folder.makeDirectory("overlay-images")
    try folder.write(Array(records), to: "overlay-images/images.json")
    for (id, contents) in items {
      try folder.makeDirectory("overlay-images/\(id)")
      for (item, text) in contents {
        let isPlain = item.utf8.allSatisfy {
          (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E
        }
        let file = isPlain ? item : "=" + Data(item.utf8).base64EncodedString()
        try folder.write(text, to: "overlay-images/\(id)/\(file)")
      }
    }
    return folder
  }
}
