import ContainersStorage
import Diagnostics
import ImageRecord
import StoreFixtures
import Testing
import Verification

/// Images of a store are read, and compared with their records.
@Suite(.timeLimit(.minutes(5))) struct RecordVerificationTests {
  private static let name = "localhost/sample:1.0"
  let fixture: Fixture

  init() throws {
    fixture = try Fixture(golden: false)
  }

  private func faults(_ change: (inout ImageRecord) -> Void = { _ in }) throws -> [Fault] {
    var record = try #require(try resolve([Self.name], in: fixture.store.location).first)
    change(&record)
    return try RecordVerification([record, record], providers: [ContainersStore.self], threads: 2).findings
      .faults
  }

  private func file(_ layer: Int, _ name: String) throws -> String {
    let id = String(try #require(fixture.store.layers[layer]["id"]).dropFirst().dropLast())
    return "store/overlay/\(id)/diff/\(name)"
  }

  @Test func anIntactImageHasNoFaults() throws {
    #expect(try faults() == [])
  }

  @Test func aDamagedFileIsNamed() throws {
    let hello = try file(1, "usr/bin/hello")
    var bytes = try fixture.folder.read(hello)
    bytes[100_000] ^= 1
    try fixture.folder.write(bytes, to: hello)
    let faults = try faults()
    #expect(faults.map(\.code) == [.diffID])
    #expect(faults[0].image == Self.name)
    #expect(faults[0].reason.hasPrefix("layer 2 sha256:"))
    #expect(faults[0].reason.contains("damaged file \"usr/bin/hello\""))
  }

  @Test func otherLayersThanThoseOfTheConfigAreAFault() throws {
    #expect(try faults { $0.layers.removeLast() }.map(\.code) == [.order])
  }

  @Test func aStoreThatCannotBeReadIsNoFault() throws {
    let record = try #require(try resolve([Self.name], in: fixture.store.location).first)
    let failure = #expect(throws: Failure.self) {
      try RecordVerification([record], providers: [], threads: 1)
    }
    #expect(failure?.kind == .unavailable)
  }
}
