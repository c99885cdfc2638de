import Foundation
import FuzzTargets
import Testing

/// Every input of the corpora, and with it all that fuzzing has ever found, keeps the promises of its target.
@Suite struct ReplayTests {
  @Test(.timeLimit(.minutes(5)), arguments: FuzzTarget.allCases)
  func theCorpusHolds(target: FuzzTarget) throws {
    let here = URL(filePath: #filePath).deletingLastPathComponent()
    let folder = here.appending(path: "../../Fuzz/corpus/\(target.rawValue)")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(!files.isEmpty)
    for file in files { target.run(Array(try Data(contentsOf: file))) }
  }
}
