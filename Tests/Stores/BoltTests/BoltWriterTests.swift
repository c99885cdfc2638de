import Diagnostics
import StoreFixtures
import Testing

@testable import Bolt

/// Databases that change while they are read.
@Suite struct BoltWriterTests {
  private let first = BoltBuilder.database([("a", .value([1]))], transaction: 7)
  private let second = BoltBuilder.database([("a", .value([2]))], transaction: 8)

  @Test(arguments: [BoltDatabase.copyLimit, 0]) func aChangedDatabaseIsReadAgain(copyLimit: UInt64) throws {
    // Whatever read the transaction comes before: the result is never a mixture.
    for change in 1...6 {
      let file = MemoryFile(first)
      file.beforeRead = { [second] file in if file.reads == change { file.bytes = second } }
      let database = try BoltDatabase(file, name: "meta.db", copyLimit: copyLimit)
      #expect(try value(database) == (change <= 5 || copyLimit == 0 ? 2 : 1))
    }
  }

  @Test func damageOfAChangedDatabaseDoesNotCount() throws {
    let file = MemoryFile(first)
    file.bytes[2048] = 9
    file.beforeRead = { [second] file in if file.reads == 7 { file.bytes = second } }
    let database = try BoltDatabase(file, name: "meta.db", copyLimit: 0)
    #expect(try value(database) == 2)
  }

  @Test func tornRecordsAreReadAgain() throws {
    let file = MemoryFile(first)
    for page in [0, 1024] { file.bytes[page + 72] ^= 1 }
    file.beforeRead = { [second] file in if file.reads == 17 { file.bytes = second } }
    #expect(try value(BoltDatabase(file, name: "meta.db")) == 2)
  }

  @Test(arguments: [BoltDatabase.copyLimit, 0]) func anEndlesslyChangingDatabaseIsGivenUp(copyLimit: UInt64)
    throws
  {
    let file = MemoryFile(first)
    file.beforeRead = { file in
      guard file.reads > (copyLimit == 0 ? 5 : 0) else { return }
      file.bytes = BoltBuilder.database([("a", .value([3]))], transaction: UInt64(file.reads + 10))
    }
    expect(.tryAgain, "changed all the time while it was read") { () throws(Failure) in
      try value(BoltDatabase(file, name: "meta.db", patience: 20_000_000, copyLimit: copyLimit))
    }
  }

  @Test func aTransactionOfOthersIsNoticed() throws {
    let one = try BoltDatabase(first)
    #expect(try one.isUnchanged(in: MemoryFile(first)))
    #expect(try !one.isUnchanged(in: MemoryFile(second)))
  }
}

private func value(_ database: BoltDatabase) throws(Failure) -> UInt8? {
  try database.read { root throws(Failure) in try root.value("a")?.first }
}
