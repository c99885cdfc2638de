import Diagnostics
import POSIX
import StoreFixtures
import Testing

@testable import ContainersStorage

/// Which failures a removal of the layer can explain, and which records tell.
@Suite struct LayerExplanationTests {
  let layer: LayerFixture
  private let other = #"[{"id":"\#(String(repeating: "0f", count: 32))"}]"#
  private var own: String { #"[{"id":"\#(layer.id)"}]"# }

  init() throws {
    layer = try LayerFixture()
  }

  private func isLost(_ location: StoreLocation? = nil) throws -> Bool {
    try StoreSnapshot.hasLost(layer.id, in: location ?? layer.location)
  }

  @Test(arguments: Failure.Kind.allCases) func onlyDamageCanBeARemoval(kind: Failure.Kind) throws {
    try layer.folder.write(other, to: "overlay-layers/layers.json")
    let failure = #expect(throws: Failure.self) {
      try StoreSnapshot.explaining(layer.id, in: layer.location) { () throws(Failure) -> Int in
        throw Failure(kind, "file", "reason")
      }
    }
    let removed = Failure(
      .tryAgain, "layer 5a5a5a5a5a5a", "image was changed or removed while it was being read")
    #expect(failure == ([.badData, .inputOutput].contains(kind) ? removed : Failure(kind, "file", "reason")))
  }

  @Test func anyOfTheFilesHasRecords() throws {
    #expect(try !isLost(), "without records nothing is known")
    try layer.folder.write(other, to: "overlay-layers/volatile-layers.json")
    #expect(try isLost())
    try layer.folder.write("{", to: "overlay-layers/layers.json")
    #expect(try isLost())
    try layer.folder.write(own, to: "overlay-layers/volatile-layers.json")
    #expect(try !isLost())
    try layer.folder.write(
      #"[{"id":"\#(layer.id)","flags":{"incomplete":true}}]"#, to: "overlay-layers/layers.json")
    #expect(try isLost(), "a layer that is being removed")
  }

  @Test func anyOfTheStoresHasRecords() throws {
    let location = StoreLocation(
      root: Path(layer.folder.path), driver: .overlay, imageStore: Path(layer.folder.at("images")),
      additionalStores: [Path(layer.folder.at("further"))])
    try layer.folder.write(other, to: "further/overlay-layers/layers.json")
    #expect(try isLost(location))
    try layer.folder.write(own, to: "further/overlay-layers/volatile-layers.json")
    #expect(try !isLost(location))
  }
}
