import Diagnostics
import ImageFormats
import Saving
import StoreFixtures
import Testing

/// A layer removed between lookup and save: the status is "try again", and no file is left.
@Suite struct RemovedLayerTests {
  private static let name = "localhost/sample:1.0"

  private func failure(_ change: (TemporaryDirectory) throws -> Void) throws -> Failure? {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.at("store"))
    try folder.makeDirectory("out")
    let selection = try SaveSelection(resolve([Self.name], in: store.location), format: DockerArchive())
    try change(folder)
    let failure = #expect(throws: Failure.self) {
      try dockerArchive(at: folder.at("out/target")).prepare(selection).run()
    }
    #expect(folder.entries("out") == [])
    return failure
  }

  @Test func aRemovedLayerAsksForAnotherTry() throws {
    let failure = try failure { folder in
      try folder.write("[]", to: "store/overlay-layers/layers.json")
      try folder.remove("store/overlay")
    }
    #expect(failure?.kind == .tryAgain)
    #expect(failure?.reason.contains("image was changed or removed while it was being read") == true)
  }

  @Test func filesThatAreMissingWithoutAWriterAreDamage() throws {
    let failure = try failure { folder in try folder.remove("store/overlay") }
    #expect(failure?.kind == .badData)
  }
}
