import Diagnostics
import StoreFixtures
import Testing

@testable import ContainersStorage

/// Whether a process may read a layer, checked without reading it.
@Suite struct ReadableLayerTests {
  let layer: LayerFixture

  init() throws {
    layer = try LayerFixture()
    try layer.write(records: segment("head/") + file("d/f") + file("d/g") + segment("/tail"))
    try layer.folder.write("hello\n", to: layer.file("d/f"))
    try layer.folder.write("hello\n", to: layer.file("d/g"))
  }

  private func check() throws(Failure) { try StoredLayer(layer.id, in: layer.location).checkFiles() }

  @Test func aWholeLayerPasses() throws {
    try check()
  }

  /// Only permissions are checked; other faults are found when the layer is read.
  @Test(.timeLimit(.minutes(5)))
  func otherFaultsPass() throws {
    try layer.folder.remove(layer.file("d/g"))
    try check()
    try layer.folder.makeFIFO(layer.file("d/g"))
    try check()
    try layer.write(records: "{")
    try check()
    try layer.folder.remove("overlay/\(layer.id)")
    try check()
    try layer.folder.remove("overlay-layers/\(layer.id).tar-split.gz")
    try check()
  }
}
