import Glibc
import POSIX
import Testing

@testable import POSIX

@Suite struct ThreadGroupTests {
  @Test func allAreWaitedForEvenThoseThatAreStartedByOthers() {
    let group = ThreadGroup()
    let ran = Lock(0)
    for _ in 0..<8 {
      group.start {
        for _ in 0..<4 { group.start { ran.withLock { $0 += 1 } } }
        ran.withLock { $0 += 1 }
      }
    }
    group.wait()
    #expect(ran.withLock { $0 } == 40)
  }

  @Test func severalRunAtATime() {
    let group = ThreadGroup()
    let arrived = Lock(0)
    // Each waits for all: one after the other, they would never end.
    for _ in 0..<3 {
      #expect(
        group.start {
          arrived.withLock { $0 += 1 }
          while arrived.withLock({ $0 < 3 }) { usleep(100) }
        })
    }
    group.wait()
  }
}
