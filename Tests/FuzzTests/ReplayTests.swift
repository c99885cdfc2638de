import Foundation
import FuzzTargets
import Synchronization
import Testing

/// Every input of the corpora keeps the promises of its target; they include all findings of the fuzzers.
@Suite(.serialized) struct ReplayTests {
  /// The inputs reach the code behind the first checks: each corpus has so many promises to keep, and more.
  static let leastPromises: [FuzzTarget: Int] = [
    .json: 94, .reference: 63, .tarsplit: 12, .manifest: 34, .record: 8, .storage: 4, .registries: 5, .toml: 36,
    .bolt: 40, .tar: 100, .verify: 30, .files: 60, .have: 300, .gzip: 10_000, .amend: 90,
  ]

  @Test(.timeLimit(.minutes(5)), arguments: FuzzTarget.allCases)
  func theCorpusHolds(target: FuzzTarget) throws {
    let here = URL(filePath: #filePath).deletingLastPathComponent()
    let folder = here.appending(path: "../../Fuzz/corpus/\(target.rawValue)")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    let before = promisesKept.load(ordering: .relaxed)
    for file in files { target.run(Array(try Data(contentsOf: file))) }
    let kept = promisesKept.load(ordering: .relaxed) - before
    #expect(kept >= Self.leastPromises[target] ?? .max)
  }
}
