import Digests
import ImageRecord
import StoreFixtures
import Testing

/// The archives equal those of podman save, byte for byte.
@Suite struct GoldenArchiveTests {
  @Test(arguments: StoreBuilder.Driver.allCases, [false, true])
  func everyArchiveIsPodmans(driver: StoreBuilder.Driver, golden: Bool) throws {
    let fixture = try Fixture(golden: golden, driver: driver)
    for expected in golden ? GoldenStore.archives : SampleStore.archives {
      let bytes = try fixture.save(expected.images)
      #expect(SHA256.digest(of: bytes).hex == expected.sha256, "\(expected.title)")
    }
  }

  @Test(arguments: [false, true])
  func aRecordThatWasWrittenAndReadGivesTheSameArchive(golden: Bool) throws {
    let fixture = try Fixture(golden: golden)
    for expected in golden ? GoldenStore.archives : SampleStore.archives {
      let lines = try resolve(expected.images, in: fixture.store.location).flatMap(\.line)
      let records = try ImageRecord.records(in: lines)
      let bytes = try archive(records, in: fixture.folder)
      #expect(SHA256.digest(of: bytes).hex == expected.sha256, "\(expected.title)")
      #expect(records.flatMap(\.line) == lines)
    }
  }

  @Test func aTwiceNamedImageIsWrittenOnce() throws {
    let fixture = try Fixture(golden: true)
    let once = try fixture.save(["localhost/golden/plain:1"])
    #expect(try fixture.save(["localhost/golden/plain:1", "localhost/golden/plain:1"]) == once)
  }
}
