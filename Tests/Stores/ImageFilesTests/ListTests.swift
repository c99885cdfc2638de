import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource
import Testing

@testable import ImageFiles

/// Manifest lists of layouts as a whole, or for several platforms.
@Suite(.timeLimit(.minutes(10))) struct ListTests {
  private static let amd64 = Platform(os: "linux", architecture: "amd64")
  private static let arm64 = Platform(os: "linux", architecture: "arm64", variant: "v8")

  private static func choice(_ platforms: Platform..., isAll: Bool = false) -> PlatformChoice {
    let host = PlatformRequest(wanted: { [amd64] })
    return PlatformChoice(lists: platforms.map { PlatformRequest($0) }, isAll: isAll, host: host)
  }

  private static func records(_ reference: String, _ choice: PlatformChoice) throws -> [ImageRecord] {
    let text = try Archives.text(reference)
    return try Archives.catalog(text, choice).records(for: .name(text))
  }

  private static func failure(_ reference: String, _ choice: PlatformChoice) -> Failure? {
    #expect(throws: Failure.self) { try records(reference, choice) }
  }

  @Test func allImagesOfAnIndex() throws {
    let records = try Self.records("oci:o-nested", Self.choice(isAll: true))
    #expect(records.map(\.id) == [Archives.digests["c1"], Archives.digests["ca"]])
    for record in records {
      #expect(record.tags == ["docker.io/acme/app:idx"])
      #expect(record.index?.list.blob.digest.hex.hasPrefix("348b77bb") ?? false)
      #expect(record.index?.instance == record.manifest.digest)
      #expect(try ImageRecord.records(in: record.line)[0].line == record.line)
    }
    #expect(records[1].index?.entry?.platform?.platform == Self.arm64)
  }

  @Test func severalPlatformsInTheOrderOfTheIndex() throws {
    let records = try Self.records("oci:o-nested", Self.choice(Self.arm64, Self.amd64))
    #expect(records.map(\.id) == [Archives.digests["c1"], Archives.digests["ca"]])
  }

  @Test func aPlatformThatIsNotThereIsAFailure() throws {
    let s390x = Platform(os: "linux", architecture: "s390x")
    let failure = Self.failure("oci:o-nested", Self.choice(Self.amd64, s390x))
    #expect(failure?.kind == .notFound)
    #expect(failure?.reason == "no image for linux/s390x; its list has linux/amd64, linux/arm64/v8")
    #expect(Self.failure("oci:o-nested", Self.choice(s390x, isAll: true))?.kind == .notFound)
    #expect(try Self.records("oci:o-nested", Self.choice(Self.arm64, isAll: true)).count == 2)
    let absent = Self.failure("oci-archive:lists/list-amd64-only.tar", Self.choice(Self.amd64, s390x))
    #expect(
      absent?.reason == "the image for linux/s390x is listed, but not there; there is linux/amd64")
  }

  @Test(arguments: ["list-amd64-only", "list-amd64-manifests"])
  func imagesThatAreNotThereAreLeftOut(name: String) throws {
    let records = try Self.records("oci-archive:lists/\(name).tar", Self.choice(isAll: true))
    #expect(records.map(\.id) == [Archives.digests["app1"]])
    let list = try #require(records[0].index?.list)
    #expect(list.entries.count == 3)
    #expect(list.platforms(besides: records.map(\.manifest.digest)) == ["linux/arm64/v8", "linux/s390x"])
  }

  @Test func anIndexWithoutAnyOfItsImages() throws {
    let failure = Self.failure("oci-archive:lists/list-empty.tar", Self.choice(isAll: true))
    #expect(failure?.kind == .notFound && failure?.reason == "none of the images of its list is there")
  }

  @Test func indexesInIndexesAreOneList() throws {
    let records = try Self.records("oci:o-nested3", Self.choice(isAll: true))
    #expect(records.map(\.id) == [Archives.digests["c1"]])
    let list = try #require(records[0].index?.list)
    #expect(list.entries.map(\.digest) == [records[0].manifest.digest])
  }

  @Test func attestationsAreNoImages() throws {
    let records = try Self.records("oci:o-attest", Self.choice(isAll: true))
    #expect(records.map(\.id) == [Archives.digests["c1"]])
    #expect(records[0].index?.list.entries.count == 2)
  }

  @Test(arguments: ["oci:o-one", "oci-archive:q-plain.tar", "docker-archive:plain.tar", "dir:d1"])
  func anImageAloneIsReadAsBefore(reference: String) throws {
    let records = try Self.records(reference, Self.choice(isAll: true))
    let alone = try Archives.record(Archives.text(reference))
    #expect(records.map(\.line) == [alone.line])
    #expect(Self.failure(reference, Self.choice(Self.arm64, isAll: true))?.kind == .notFound)
    #expect(Self.failure(reference, Self.choice(Self.amd64, Self.arm64))?.kind == .notFound)
    #expect(try Self.records(reference, Self.choice(Self.amd64, isAll: true)).map(\.line) == [alone.line])
  }

  @Test func damageIsNoAbsence() throws {
    let failure = Self.failure("oci-archive:lists/list-damaged.tar", Self.choice(isAll: true))
    #expect(failure?.kind == .badData)
  }
}
