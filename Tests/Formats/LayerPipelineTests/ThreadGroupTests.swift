import Synchronization
import Testing

@testable import LayerPipeline

@Suite struct ThreadGroupTests {
  @Test func allAreWaitedForEvenThoseThatAreStartedByOthers() {
    let group = ThreadGroup()
    let ran = Mutex(0)
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
    let monitor = Monitor(0)
    // Each waits for all: one after the other, they would never end.
    for _ in 0..<3 {
      #expect(
        group.start {
          monitor.change { $0 += 1 }
          monitor.wait { $0 == 3 ? () : nil }
        })
    }
    group.wait()
  }
}
