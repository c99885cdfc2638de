import POSIX
import Testing

/// One thread at a time uses the state of a lock.
@Suite struct LockTests {
  @Test("No change of several threads is lost")
  func noChangeIsLost() {
    let counted = Lock(0)
    let threads = ThreadGroup()
    for _ in 0..<8 {
      threads.start { for _ in 0..<10_000 { counted.withLock { $0 += 1 } } }
    }
    threads.wait()
    #expect(counted.withLock(\.self) == 80_000)
  }

  @Test("After an error the state is as it was left, and free")
  func errorsFree() {
    struct Stop: Error {}
    let values = Lock([1])
    #expect(throws: Stop.self) {
      try values.withLock { values throws(Stop) in
        values.append(2)
        throw Stop()
      }
    }
    #expect(values.withLock(\.self) == [1, 2])
  }
}
