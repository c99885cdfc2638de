import POSIX
import StoreFixtures
import Testing

@testable import ContainersStorage

/// Images by ID, name and start of an ID, in one store and several.
@Suite struct ImageSearchTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  /// Stores with images, each a text `ID` or `ID=NAME,NAME`; the first store is the primary one.
  private func snapshot(_ stores: [String]...) throws -> StoreSnapshot {
    for (index, images) in stores.enumerated() {
      let records = images.map { image in
        let parts = image.split(separator: "=")
        let names = parts.count > 1 ? parts[1].split(separator: ",").map { quoted(String($0)) } : nil
        let members = names.map { #","names":[\#($0.joined(separator: ","))]"# } ?? ""
        return #"{"id":\#(quoted(String(parts[0])))\#(members)}"#
      }
      try folder.write("[\(records.joined(separator: ","))]", to: "\(index)/overlay-images/images.json")
    }
    let roots = stores.indices.map { Path(folder.at("\($0)")) }
    return try StoreSnapshot(
      of: StoreLocation(root: roots[0], driver: .overlay, additionalStores: Array(roots[1...])))
  }

  private func search(_ snapshot: StoreSnapshot, _ key: String) -> String? {
    snapshot.image(matching: key).map { "\($0.image.idText) by \($0.key)" }
  }

  @Test func anEmptyKeyIsNoImage() throws {
    #expect(search(try snapshot(["a=x", "b"]), "") == nil)
    #expect(search(try snapshot([]), "a") == nil)
  }

  @Test func anExactIDComesBeforeAName() throws {
    let snapshot = try snapshot(["aa=bb", "bb=aa", "bbc=dd,b"])
    #expect(search(snapshot, "bb") == "bb by id")
    #expect(search(snapshot, "dd") == "bbc by name")
    #expect(search(snapshot, "bbc") == "bbc by id")
    // A name comes before the start of an ID.
    #expect(search(snapshot, "b") == "bbc by name")
  }

  /// The exact ID is found even after others that start with it.
  @Test func severalIDsWithAPrefixAreNone() throws {
    let snapshot = try snapshot(["aaaaaaaa1", "aaaaaaaa2", "aaaaaaaa3", "aaaaaaaa", "b1", "b1"])
    #expect(search(snapshot, "aaaaaaaa") == "aaaaaaaa by id")
    #expect(search(snapshot, "aaaaaaa") == nil)
    #expect(search(snapshot, "aaaaaaaa1") == "aaaaaaaa1 by id")
    #expect(search(snapshot, "b") == "b1 by idPrefix", "two records of one image")
  }

  @Test func recordsWithoutNamesHideNoOthers() throws {
    let snapshot = try snapshot(["a", "b=x,y", "c", "d=y"])
    #expect(search(snapshot, "x") == "b by name")
    #expect(search(snapshot, "y") == "d by name", "the last record of a name counts")
    #expect(search(snapshot, "z") == nil)
  }

  /// An image of a further store whose ID the primary store has is found only there, with its names there.
  @Test func furtherStoresComeInOrder() throws {
    let snapshot = try snapshot(["a=x"], ["a=x,z", "b=y"], ["c=z,y", "d=w"])
    #expect(search(snapshot, "x") == "a by name")
    #expect(search(snapshot, "y") == "b by name")
    #expect(search(snapshot, "z") == "c by name")
    #expect(search(snapshot, "w") == "d by name")
    #expect(search(snapshot, "b") == "b by id")
  }

  @Test func everyImageOfAnyNumberIsFound() throws {
    for count in 1...24 {
      let ids = (0..<count).map { index in
        String(repeating: "\((index * 7) % 10)", count: 7) + "\(index % 3)\(100 + index)"
      }
      let snapshot = try snapshot(ids.enumerated().map { "\($1)=name\($0)" })
      for (index, id) in ids.enumerated() {
        #expect(search(snapshot, id) == "\(id) by id")
        #expect(search(snapshot, "name\(index)") == "\(id) by name")
        for length in [1, 7, 8, 9, 10] {
          let prefix = String(id.prefix(length))
          let expected = ids.count { $0.hasPrefix(prefix) } == 1 ? "\(id) by idPrefix" : nil
          #expect(search(snapshot, prefix) == expected)
        }
      }
      #expect(search(snapshot, "name\(count)") == nil)
    }
  }
}
