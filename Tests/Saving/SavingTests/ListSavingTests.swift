import ContainersStorage
import Diagnostics
import Digests
import Foundation
import ImageFormats
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource
import JSON
import NameLookup
import Outputs
import POSIX
import Saving
import StoreFixtures
import Testing
import Verification

/// Manifest lists of a store, from the name to the archive.
@Suite(.timeLimit(.minutes(5))) struct ListSavingTests {
  private static let built = "localhost/built:1"
  private static let pulled = "registry.example/acme/pulled:1"
  private static let amd64 = Platform(os: "linux", architecture: "amd64")
  private let folder: TemporaryDirectory
  private let store: StoreBuilder

  init() throws {
    folder = try TemporaryDirectory()
    store = try ListStore.build(at: folder.at("store"))
  }

  private func resolver(_ platforms: [String] = [], isAll: Bool = true) throws -> Resolver {
    var options = LookupOptions(host: { Self.amd64 })
    let required = try platforms.map { PlatformRequest(try Platform(parsing: $0)) }
    options.lists = PlatformChoice(
      lists: required, isAll: isAll, host: PlatformRequest(wanted: { [Self.amd64] }))
    return try Resolver(store.location, options: options, onWait: { _ in })
  }

  private func records(_ name: String, _ platforms: [String] = [], isAll: Bool = true) throws -> [ImageRecord] {
    try resolver(platforms, isAll: isAll).records(for: .name(name))
  }

  private func architectures(_ records: [ImageRecord]) -> [String] {
    records.map { ConfigFacts(config: $0.config?.bytes ?? []).platform?.architecture ?? "" }
  }

  /// Saves records; checks the archive.
  private func save(
    _ records: [ImageRecord], _ format: any ImageFormat = HybridArchive(), tags: [String] = [],
    isMultiImage: Bool = false, host: Platform = amd64
  ) throws -> WrittenOutput {
    var target = OutputTarget(path: Path(folder.at("archive")))
    target.force = true
    var job = SaveJob(format: format, target: target, providers: [ContainersStore.self])
    job.host = { host.compatible }
    let converted = try records.map { try $0.converted(to: format.family(for: $0.manifest.mediaType)) }
    let selection = try SaveSelection(
      converted, format: format, additionalTags: tags.map { try AdditionalTag($0) }, isMultiImage: isMultiImage)
    let written = try job.prepare(selection).run()
    let file = FileBytes(try FileDescriptor.open(Path(folder.at("archive")), 0), path: "archive")
    let verification = try Verification(archive: file, Verification.Options())
    #expect(verification.findings.faults == [])
    return written
  }

  @Test func aListOfLocalImagesKeepsItsBytes() throws {
    let records = try records(Self.built)
    #expect(architectures(records) == ListStore.architectures)
    #expect(records.allSatisfy { $0.tags == [Self.built] && $0.name == Self.built })
    let written = try save(records)
    #expect(written.lists.map(\.bytes) == [ListStore.builtList])
    #expect(written.outlines.map(\.absentPlatforms) == [[]])
    #expect(written.images.map { $0.manifest?.digest } == records.map(\.manifest.digest))
  }

  @Test func platformsAreTakenInTheOrderOfTheList() throws {
    #expect(
      architectures(try records(Self.built, ["linux/s390x", "linux/arm64"], isAll: false)) == [
        "arm64", "s390x",
      ])
    let absent = #expect(throws: Failure.self) {
      try records(Self.built, ["linux/amd64", "linux/ppc64le"], isAll: false)
    }
    #expect(absent?.kind == .notFound)
    #expect(try records(Self.built, ["linux/arm64/v8"]).count == 3)
  }

  @Test func anImageThatIsNowhereIsLeftOut() throws {
    let records = try records("localhost/partial:1")
    #expect(architectures(records) == ["amd64"])
    let written = try save(records, OCIArchive())
    #expect(written.outlines.map(\.absentPlatforms) == [["linux/riscv64"]])
    #expect(try SourceList(parsing: written.lists[0].bytes).entries.count == 1)
  }

  /// Two records have the list, and one the name; the manifests describe blobs that the store does not have.
  @Test func aPulledListIsWrittenAnewWithWhatWasPulled() throws {
    let records = try records(Self.pulled)
    #expect(architectures(records) == ["amd64", "arm64"])
    #expect(records.allSatisfy { $0.tags == [Self.pulled] })
    #expect(records[0].index?.list.blob.bytes == ListStore.pulledList)
    let written = try save(records)
    #expect(written.outlines.map(\.absentPlatforms) == [["linux/s390x"]])
    let list = try SourceList(parsing: written.lists[0].bytes)
    #expect(list.entries.map(\.digest) == written.images.map { $0.manifest?.digest })
    #expect(list.entries.map { $0.platform?.description } == ["linux/amd64", "linux/arm64/v8"])
  }

  /// Its manifest may have no other name than `manifest`, if it is that of the digest.
  @Test func anImageIsFoundByItsOnlyManifest() throws {
    let image = try #require(try records(Self.built).dropFirst().first)
    let directory = "store/overlay-images/\(image.id)"
    try folder.remove("\(directory)/=\(Data("manifest-\(image.manifest.digest)".utf8).base64EncodedString())")
    #expect(architectures(try records(Self.built)) == ListStore.architectures)
    try folder.write(image.manifest.bytes + [0x20], to: "\(directory)/manifest")
    #expect(architectures(try records(Self.built)) == ["amd64", "s390x"])
  }

  @Test func anImageThatAWriterAddsMeanwhileIsFound() throws {
    let path = "store/overlay-images/images.json"
    let complete = try folder.read(path)
    try folder.write("[]", to: path)
    var options = LookupOptions()
    // The first lookup ends here.
    options.hint = { [folder] in
      try? folder.write(complete, to: path)
      return nil
    }
    let resolver = try Resolver(store.location, options: options, onWait: { _ in })
    #expect(try resolver.records(for: "localhost/built:arm64").count == 1)
  }

  @Test func anImageWithoutAListIsAlone() throws {
    let records = try records("localhost/built:arm64")
    #expect(records.count == 1 && records[0].index == nil)
    let failure = #expect(throws: Failure.self) {
      try self.records("localhost/built:arm64", ["linux/amd64"])
    }
    #expect(failure?.kind == .notFound)
    #expect(try self.records("localhost/built:arm64", ["linux/arm64"]).count == 1)
  }

  @Test func allNamesAreThoseOfTheList() throws {
    let resolver = try resolver()
    let records = try resolver.records(for: .name(Self.pulled))
    for record in records { #expect(resolver.tags(ofImage: record.id) == [Self.pulled]) }
  }

  @Test func aListIsOneImageForTheRules() throws {
    let records = try records(Self.built)
    let written = try save(records, OCIArchive(), tags: ["new:1"])
    #expect(written.outlines.map(\.tags) == [["localhost/new:1", Self.built]])
    let other = try self.records("localhost/partial:1")
    #expect(throws: Failure.self) { try save(records + other, OCIArchive()) }
    let both = try save(records + other, OCIArchive(), isMultiImage: true)
    #expect(both.outlines.map(\.images) == [0..<3, 3..<4])
  }

  @Test func anImageAloneMayComeFirst() throws {
    let alone = try records("localhost/built:arm64")
    let written = try save(alone + records(Self.built) + alone, HybridArchive())
    #expect(written.images.count == 4)
    #expect(written.outlines.map(\.images) == [1..<4])
  }

  /// Docker's graph drivers know one image of a name: that for the host, else the first of the list.
  @Test(arguments: [("arm64", 1), ("s390x", 2), ("ppc64le", 0)])
  func oneImageOfAListIsInManifestJSON(architecture: String, choice: Int) throws {
    let records = try records(Self.built)
    let variant = architecture == "arm64" ? "v8" : ""
    let written = try save(
      records, host: Platform(os: "linux", architecture: architecture, variant: variant))
    let members = try tarMembers(of: folder.read("archive"))
    let manifest = try #require(members.first { $0.name == "manifest.json" }).content
    let configs = try JSONValue(parsing: manifest).elements.map { $0["Config"]?.string }
    #expect(configs == ["blobs/sha256/\(try #require(records[choice].config).digest.hex)"])
    let isShown = written.images.map { $0.loads.contains { $0.loader == .docker } }
    #expect(isShown == records.indices.map { $0 == choice })
  }

  @Test func theSameListUnderTwoNamesIsOne() throws {
    let records = try records(Self.built)
    let renamed = records.map { record in
      var record = record
      record.tags = ["localhost/other:1"]
      return record
    }
    let written = try save(records + renamed + records)
    #expect(written.outlines.map(\.tags) == [[Self.built, "localhost/other:1"]])
    #expect(written.images.count == 3)
  }

  @Test func recordsThatAreLeftOutAreLeftOutOfTheList() throws {
    var records = try records(Self.built)
    records.remove(at: 1)
    records.swapAt(0, 1)
    let written = try save(records)
    #expect(written.outlines.map(\.absentPlatforms) == [["linux/arm64/v8"]])
    let platforms = try SourceList(parsing: written.lists[0].bytes).entries.map { $0.platform?.description }
    #expect(platforms == ["linux/amd64", "linux/s390x"])
  }

  @Test(arguments: [DockerArchive(), DockerDirectory()] as [any ImageFormat])
  func otherFormatsHoldNoLists(format: any ImageFormat) throws {
    let records = try records(Self.built)
    let failure = #expect(throws: Failure.self) { try SaveSelection([records[0]], format: format) }
    #expect(failure?.kind == .usage)
  }

  @Test func convertedImagesAreListedAsTheyAre() throws {
    let records = try records(Self.built).map { try $0.converted(to: .docker) }
    let written = try save(records)
    let list = try SourceList(parsing: written.lists[0].bytes)
    #expect(list.entries.map(\.mediaType) == [.dockerManifest, .dockerManifest, .dockerManifest])
    #expect(list.entries.map(\.digest) == written.images.map { $0.manifest?.digest })
  }

  @Test func reportsHaveTheLists() throws {
    let records = try records(Self.pulled)
    let format = HybridArchive()
    let converted = try records.map { try $0.converted(to: format.family(for: $0.manifest.mediaType)) }
    let selection = try SaveSelection(converted, format: format)
    let job = SaveJob(
      format: format, target: OutputTarget(path: Path(folder.at("new"))), providers: [ContainersStore.self])
    let prepared = try job.prepare(selection)
    let plan = try JSONValue(parsing: prepared.plan().line)
    let written = try prepared.run()
    let report = try JSONValue(parsing: SaveReport(selection, job, written).line)
    for value in [plan, report] {
      let list = try #require(value["lists"]?.elements.first { _ in true })
      #expect(list["absentPlatforms"]?.elements.map(\.string) == ["linux/s390x"])
      #expect(list["platforms"]?.elements.map(\.string) == ["linux/amd64", "linux/arm64/v8"])
      #expect(list["images"]?.elements.map(\.int64) == [0, 1])
      #expect(list["index"]?["before"]?.string == "\(SHA256.digest(of: ListStore.pulledList))")
    }
    let after = report["lists"]?.elements.first { _ in true }?["index"]?["after"]?.string
    #expect(after == "\(written.lists[0].digest)")
  }
}
