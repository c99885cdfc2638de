import Diagnostics
import POSIX
import StoreFixtures
import Testing

@testable import Bolt

@Suite struct BoltReadTests {
  @Test(arguments: [BoltDatabase.copyLimit, 0]) func allEntriesAreFound(copyLimit: UInt64) throws {
    let database = try BoltDatabase(BoltBuilder.database(sample), copyLimit: copyLimit)
    let lines = try database.read { root throws(Failure) in try root.lines() }
    #expect(lines.count == 6 + 2 + 300 + 2)
    #expect(lines.contains("/many/name-1298-\(String(repeating: "x", count: 40))/digest = 10: sha256:1"))
    #expect(lines.contains("/long/value = 3000: aaaaaaaa"))
    #expect(lines.contains("/v1/inline/b = 0: "))
    #expect(lines == lines.sorted())
  }

  @Test(arguments: [BoltDatabase.copyLimit, 0]) func keysAreLookedUp(copyLimit: UInt64) throws {
    let database = try BoltDatabase(BoltBuilder.database(sample), copyLimit: copyLimit)
    try database.read { root throws(Failure) in
      guard let many = try root.bucket("many") else { throw Failure(.other, "", "no bucket") }
      for index in 0..<150 {
        let name = "name-\(1000 + index * 2)-\(String(repeating: "x", count: 40))"
        #expect(try many.bucket(name)?.value("digest").map { Array($0) } == Array("sha256:\(index)".utf8))
        #expect(try many.bucket("name-\(1001 + index * 2)") == nil)
      }
      #expect(try many.bucket("a") == nil)
      #expect(try many.bucket("z") == nil)
      #expect(try many.value("name-1000-\(String(repeating: "x", count: 40))") == nil)
      #expect(try root.bucket("v1")?.bucket("version") == nil)
      #expect(try root.bucket("empty")?.value("x") == nil)
    }
  }

  @Test(arguments: [8, 9]) func theLaterTransactionCounts(transaction: UInt64) throws {
    let bytes = BoltBuilder.database(
      [("a", .value([2]))], before: [("a", .value([1]))], transaction: transaction)
    #expect(try value(bytes) == 2)
    let (newer, older) = transaction == 8 ? (0, 1024) : (1024, 0)
    // A record that is only half written: the older transaction counts.
    var torn = bytes
    torn[newer + 70] ^= 0xFF
    #expect(try value(torn) == 1)
    var other = bytes
    other[older + 70] ^= 0xFF
    #expect(try value(other) == 2)
    torn[older + 70] ^= 0xFF
    expect(.badData, "not a bolt database, or damaged") { () throws(Failure) in try value(torn) }
  }

  @Test func theSizeOfPagesIsFoundByTheSecondRecord() throws {
    for size in [1024, 4096, 65536] {
      var bytes = BoltBuilder.database([("a", .value([5]))], pageSize: size)
      bytes[20] = 0
      #expect(try value(bytes) == 5)
    }
  }

  @Test func otherFilesAreRefused() {
    expect(.badData, "not a bolt database: too short") { () throws(Failure) in try value([]) }
    expect(.badData, "not a bolt database, or damaged") { () throws(Failure) in
      try value([UInt8](repeating: 0, count: 5000))
    }
    var swapped = BoltBuilder.database([("a", .value([5]))])
    for page in [0, 1024] { swapped[(page + 16)..<(page + 20)].reverse() }
    expect(.badData, "written on a machine with another byte order, which is not supported") {
      () throws(Failure) in
      try value(swapped)
    }
    expect(.badData, "page 2: the file is truncated") { () throws(Failure) in
      try value(Array(BoltBuilder.database([("a", .value([5]))]).prefix(2100)))
    }
  }

  @Test(arguments: OtherStore.allCases) func realDatabasesAreRead(store: OtherStore) throws {
    let directory = try TemporaryDirectory()
    let root = try store.unpacked(in: directory)
    let name = "io.containerd.metadata.v1.bolt/meta.db"
    let path = Path(store == .containerd ? "\(root)/\(name)" : "\(root)/containerd/daemon/\(name)")
    let lines = try BoltDatabase(path).read { root throws(Failure) in try root.lines() }
    #expect(lines.first == "/v1")
    if store == .containerd {
      #expect(
        lines.count(where: { $0.hasPrefix("/v1/default/images/docker.io/many/s") && !$0.contains("/1/") }) > 200
      )
    }
  }
}

/// The value of the key `a`.
private func value(_ bytes: [UInt8]) throws(Failure) -> UInt8? {
  try BoltDatabase(bytes).read { root throws(Failure) in try root.value("a")?.first }
}

/// Expects a failure of a kind with a reason.
func expect<Value>(_ kind: Failure.Kind, _ reason: String, _ body: () throws(Failure) -> Value) {
  do throws(Failure) {
    _ = try body()
    Issue.record("no failure: \(reason)")
  } catch {
    #expect(error.kind == kind)
    #expect(error.reason == reason)
  }
}
