import Diagnostics
import ImageFormats
import ImageRecord
import POSIX
import Saving
import StoreFixtures
import Testing

/// The rules of libimage's Save: the images, their order and their tags.
@Suite struct SelectionTests {
  let fixture: Fixture
  private static let plain = "localhost/golden/plain:1"
  private static let alias = "docker.io/library/plain:2"
  private static let repeated = "localhost/golden/repeated:1"
  private static let empty = "localhost/golden/empty:1"

  init() throws {
    fixture = try Fixture(golden: true)
  }

  private func select(
    _ names: [String], _ format: any ImageFormat = DockerArchive(), tags: [String] = []
  ) throws -> [ImageRecord] {
    let tags = try tags.map { try AdditionalTag($0) }
    return try SaveSelection(
      resolve(names, in: fixture.store.location), format: format, additionalTags: tags
    ).records
  }

  @Test func imagesStandWhereTheyAreFirstNamed() throws {
    let records = try select([Self.repeated, Self.alias, Self.empty, Self.plain, Self.repeated, Self.alias])
    #expect(records.map(\.tags) == [[Self.repeated], [Self.alias, Self.plain], [Self.empty]])
    let reversed = try select([Self.plain, Self.alias, Self.repeated])
    #expect(reversed.map(\.tags) == [[Self.plain, Self.alias], [Self.repeated]])
  }

  @Test func anIDGivesNoTag() throws {
    let id = try #require(try select([Self.plain]).first?.id)
    #expect(try select([id]).map(\.tags) == [[]])
    #expect(try select(["sha256:" + id]).map(\.tags) == [[]])
    #expect(try select([id, Self.plain]).map(\.tags) == [[Self.plain]])
  }

  @Test func additionalTagsComeFirstAndCountOnce() throws {
    let records = try select([Self.plain], tags: ["foo", "quay.io/a/b:c", "foo:latest", Self.plain])
    #expect(records.map(\.tags) == [["localhost/foo:latest", "quay.io/a/b:c", Self.plain]])
  }

  @Test func additionalTagsAreInTheArchive() throws {
    let folder = fixture.folder
    let id = try #require(try select([Self.plain]).first?.id)
    // An image found by its ID has no tag of its own, so the additional tag becomes its name.
    let byName = try fixture.save([Self.plain])
    let records = try resolve([id], in: fixture.store.location)
    #expect(try archive(records, tags: [Self.plain], in: folder) == byName)
    #expect(try archive(records, in: folder) != byName)
  }

  @Test(
    arguments: [
      ([], DockerArchive(), [], "no image specified for saving images"),
      ([], OCIArchive(), ["a"], "no image specified for saving images"),
      (
        [plain, repeated], OCIDirectory(), [],
        "unsupported format \"oci-dir\" for saving multiple images (only docker-archive)"
      ),
      (
        [plain, plain], OCIArchive(), [],
        "unsupported format \"oci-archive\" for saving multiple images (only docker-archive)"
      ),
      (
        [plain, repeated], DockerDirectory(), ["a"],
        "unsupported format \"docker-dir\" for saving multiple images (only docker-archive)"
      ),
      ([plain, repeated], DockerArchive(), ["a"], "cannot save multiple images with multiple tags"),
    ] as [([String], any ImageFormat, [String], String)])
  func whatCannotBeSavedIsRefusedInTheWordsOfLibimage(
    names: [String], format: any ImageFormat, tags: [String], reason: String
  ) {
    let failure = #expect(throws: Failure.self) { try select(names, format, tags: tags) }
    #expect(failure == Failure(.usage, "", reason))
  }

  @Test(arguments: ["", "UPPER", "a:b:c", "a@sha256:" + String(repeating: "0", count: 64), "a/../b", "a b"])
  func anInvalidAdditionalTagIsAnError(text: String) {
    let failure = #expect(throws: Failure.self) { try AdditionalTag(text) }
    #expect(failure?.kind == .usage)
    #expect(failure?.reason.hasPrefix("invalid additional tag \"\(text)\": ") == true)
  }

  @Test(arguments: ["", "name", "localhost/a", "localhost/a:b:c", "../x:1", "a:1", "localhost/a:1\n"])
  func aTagOfARecordMustBeAFullName(tag: String) throws {
    var record = try #require(try resolve([Self.plain], in: fixture.store.location).first)
    record.tags = [tag]
    let failure = #expect(throws: Failure.self) { try SaveSelection([record], format: DockerArchive()) }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == "tag \"\(tag)\"")
  }
}
