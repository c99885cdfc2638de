import ContainersStorage
import Diagnostics
import ImageReference
import NameLookup
import Testing

/// The names that the newest Save writes for some arguments.
struct SaveCase: Decodable, Sendable {
  struct Layout: Decodable, Sendable {
    let refName: String?
    let error: String?
  }

  struct Archive: Decodable, Sendable {
    struct Image: Decodable, Equatable, Sendable {
      let id: String
      var repoTags: [String]
    }

    let images: [Image]?
    let error: String?
  }

  let input: [String]
  let layout: Layout?
  let archive: Archive

  enum CodingKeys: String, CodingKey {
    case input
    case layout = "oci-archive"
    case archive = "docker-archive"
  }
}

@Suite struct SaveNameTests {
  @Test(arguments: try Fixture.cases("save-names", count: 28, as: SaveCase.self))
  func namesAsTheOriginal(_ row: SaveCase) throws {
    let store = try FixtureStore(
      "main",
      adding: [
        "localhost/t:v1-", "localhost/t:_x", "localhost/foo---bar:1", "localhost/foo--bar:1",
        "quay.io/x/y:1..2", "localhost/foo__bar:1", "localhost/a/b:1",
      ], to: "f437773035f7350ee6ef4fdb20ced9e808162735507f28b709fef3c8e9dcb2b7")
    let snapshot = try store.snapshot()
    var images: [SaveCase.Archive.Image] = []
    var seen: Set<String> = []
    do throws(Failure) {
      for name in row.input {
        let found = try lookUpImage(name, in: snapshot, options: .fixture())
        if let layout = row.layout { check(found, layout) }
        guard seen.insert(found.resolvedName).inserted else { continue }
        let tags = found.repositoryTag.map { [$0] } ?? []
        if let index = images.firstIndex(where: { $0.id == found.image.idText }) {
          images[index].repoTags += tags
        } else {
          images.append(SaveCase.Archive.Image(id: found.image.idText, repoTags: tags))
        }
      }
      #expect(images == row.archive.images)
    } catch {
      #expect(error.description == row.archive.error)
      if let layout = row.layout { #expect(error.description == layout.error) }
    }
  }

  private func check(_ found: FoundImage, _ layout: SaveCase.Layout) {
    if let name = found.referenceName, !ImageReference.isValidOCIReferenceName(name) {
      #expect(layout.error == "Invalid image " + name)
    } else {
      #expect(layout.error == nil)
      // An ID is no name; libimage makes one of `sha256:` and an ID, and of the ID of a manifest list.
      let isID = found.match == .id || found.match == .idPrefix
      #expect(found.referenceName == (isID ? nil : layout.refName))
    }
  }
}
