import ContainersStorage
import Foundation
import POSIX
import Testing

/// A temporary store on disk: image records and their data items, without layers.
///
/// The expected results come from the same stores. Signatures are omitted; the `instances.json` of lists were
/// missing and are generated from their manifests.
final class FixtureStore {
  let root: URL

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
    root = try FixtureStore.write(records: records, items: items)
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
    root = try FixtureStore.write(records: Data(records.utf8), items: items)
  }

  deinit {
    try? FileManager.default.removeItem(at: root)
  }

  func location(with additional: [FixtureStore] = []) -> StoreLocation {
    StoreLocation(
      root: Path(root.path), driver: .overlay, additionalStores: additional.map { Path($0.root.path) })
  }

  func snapshot(with additional: [FixtureStore] = []) throws -> StoreSnapshot {
    try StoreSnapshot(of: location(with: additional))
  }

  private static func write(records: Data, items: [String: [String: String]]) throws -> URL {
    let root = FileManager.default.temporaryDirectory.appending(path: "lookup-\(UUID().uuidString)")
    let images = root.appending(path: "overlay-images")
    try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
    try records.write(to: images.appending(path: "images.json"))
    for (id, contents) in items {
      let directory = images.appending(path: id)
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      for (item, text) in contents {
        let isPlain = item.utf8.allSatisfy {
          (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E
        }
        let file = isPlain ? item : "=" + Data(item.utf8).base64EncodedString()
        try Data(text.utf8).write(to: directory.appending(path: file))
      }
    }
    return root
  }
}
