import Diagnostics
import Dispatch
import ImageModel
import POSIX
import Synchronization

/// Copies several layers side by side, each to a place of its own, and verifies them on the way.
///
/// Two layers at a time keep two processors busy: while one is hashed another is read and written.
final class LayerLanes: Sendable {
  /// A layer and where its bytes go.
  struct Job: Sendable {
    let layer: ArchiveLayer
    let output: PlacedOutput
    /// Where in the output the layer starts, in bytes.
    let offset: UInt64
  }

  private let jobs: [Job]
  /// The jobs that have not been started; the largest is the last, and the first to be taken.
  private let waiting: Mutex<[Int]>
  /// The failures by the number of their job.
  private let failures = Mutex<[Int: Failure]>([:])

  private init(_ jobs: [Job]) {
    self.jobs = jobs
    waiting = Mutex(jobs.indices.sorted { jobs[$0].layer.layer.size < jobs[$1].layer.layer.size })
  }

  /// Copies all layers; when one fails the others stop.
  static func copy(_ jobs: [Job]) throws(Failure) {
    let lanes = LayerLanes(jobs)
    let count = min(jobs.count, max(2, min(onlineProcessors, 4)))
    DispatchQueue.concurrentPerform(iterations: count) { _ in lanes.work() }
    let failures = lanes.failures.withLock { $0 }
    if let first = failures.min(by: { $0.key < $1.key }) { throw first.value }
  }

  /// Copies one layer after the other until there are none left.
  private func work() {
    let copier = LayerCopier()
    while let number = waiting.withLock({ $0.popLast() }) {
      do {
        try copy(jobs[number], with: copier)
      } catch {
        failures.withLock { $0[number] = error }
        waiting.withLock { $0 = [] }
      }
    }
  }

  private func copy(_ job: Job, with copier: LayerCopier) throws(Failure) {
    var offset = job.offset
    try copier.copy(job.layer) { bytes throws(Failure) in
      // Another layer's failure ends this one, too: nothing of the output will be kept.
      if let failure = failures.withLock({ $0.first?.value }) { throw failure }
      try job.output.write(bytes, at: offset)
      offset += UInt64(bytes.count)
    }
  }
}
