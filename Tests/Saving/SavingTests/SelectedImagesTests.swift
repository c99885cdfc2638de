import ContainersStorage
import Diagnostics
import Digests
import ImageFormats
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource
import NameLookup
import Outputs
import POSIX
import StoreFixtures
import Testing

@testable import Saving

/// Records in sequence become lists again, and names of the same images are joined.
@Suite struct SelectedImagesTests {
  /// The three images of a list.
  private let records: [ImageRecord]

  init() throws {
    let folder = try TemporaryDirectory()
    let store = try ListStore.build(at: folder.at("store"))
    var options = LookupOptions()
    options.lists = PlatformChoice(lists: [], isAll: true, host: PlatformRequest(nil))
    let resolver = try Resolver(store.location, options: options, onWait: { _ in })
    records = try resolver.records(for: .name("localhost/built:1"))
    try #require(records.count == 3)
  }

  private func changed(_ record: ImageRecord, _ change: (inout ImageRecord) -> Void) -> ImageRecord {
    var record = record
    change(&record)
    return record
  }

  private func counts(_ records: [ImageRecord]) -> [Int] {
    SelectedImages.all(in: records).map(\.records.count)
  }

  @Test func recordsOfOneListAndNameAreOneList() {
    #expect(counts(records) == [3])
    #expect(counts(records.reversed()) == [3])
    #expect(counts([]) == [])
  }

  @Test func anotherNameIsAnotherList() {
    let tagged = changed(records[2]) { $0.tags = ["localhost/other:1"] }
    let named = changed(records[2]) { $0.name = "localhost/other:1" }
    for last in [tagged, named] {
      #expect(counts([records[0], records[1], last]) == [2, 1])
      #expect(counts([last, records[0], records[1]]) == [1, 2])
    }
  }

  @Test func anImageThatOccursAgainStartsAnotherList() {
    #expect(counts(records + records) == [3, 3])
    #expect(counts([records[0], records[1], records[0]]) == [2, 1])
  }

  @Test func imagesWithoutAListAreAlone() {
    let alone = records.map { changed($0) { $0.index = nil } }
    #expect(counts(alone) == [1, 1, 1])
    #expect(counts([records[0], alone[1], records[1]]) == [1, 1, 1])
  }

  @Test func namesOfTheSameImagesAreTheSame() throws {
    func isSame(_ one: [ImageRecord], _ other: [ImageRecord]) -> Bool {
      SelectedImages(records: one).isSame(as: SelectedImages(records: other))
    }
    let alone = records.map { changed($0) { $0.index = nil } }
    #expect(isSame(records, records))
    #expect(!isSame(records, records.reversed()))
    #expect(!isSame(records, Array(records.dropLast())))
    #expect(isSame([alone[0]], [alone[0]]) && !isSame([alone[0]], [alone[1]]))
    #expect(!isSame([records[0]], [alone[0]]) && !isSame([alone[0]], [records[0]]))
    // An image alone is its ID, whatever its manifest; an image of a list is its manifest, too.
    let converted = try records.map { try $0.converted(to: .docker) }
    try #require(converted[0].manifest.digest != records[0].manifest.digest)
    #expect(isSame([alone[0]], [changed(converted[0]) { $0.index = nil }]))
    #expect(!isSame(records, converted))
    let other = try #require(records[1].index?.instance)
    #expect(!isSame([records[0]], [changed(records[0]) { $0.index?.instance = other }]))
  }

  @Test func threadsAreThoseOfTheMachineEightAtMost() {
    let job = SaveJob(format: DockerArchive(), target: OutputTarget(path: nil), providers: [])
    #expect(job.threads >= 1 && job.threads <= 8 && job.threads <= onlineProcessors)
  }

  @Test(arguments: [DockerArchive(), DockerDirectory()] as [any ImageFormat])
  func aFormatThatNeedsEveryLayerRefusesAbsentOnes(format: any ImageFormat) throws {
    let record = try changed(records[0]) {
      $0.index = nil
      $0.layers[0].isAbsent = true
    }.converted(to: .docker)
    let job = SaveJob(format: format, target: OutputTarget(path: "new"), providers: [ContainersStore.self])
    let failure = #expect(throws: Failure.self) {
      try job.prepare(SaveSelection([record], format: format))
    }
    #expect(
      failure
        == Failure(.usage, "--format \(format.name)", "cannot leave layers out; use --format hybrid"))
  }
}
