import Diagnostics
import Glibc
import POSIX
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

  /// Not for root, which may read everything; run as another user, for example with `setpriv --reuid 65534`.
  @Suite(.enabled(if: !Privileges.readsEveryFile)) struct OfOthers {
    let layer: LayerFixture

    init() throws {
      layer = try ReadableLayerTests().layer
    }

    @Test(arguments: ["diff/d/g", "diff/d", "diff", ""])
    func whatMayNotBeReadIsNamed(path: String) throws {
      let closed = layer.folder.at("overlay/\(layer.id)/\(path)")
      #expect(chmod(closed, 0) == 0)
      defer { _ = chmod(closed, 0o755) }
      for failure in [
        #expect(throws: Failure.self) { try StoredLayer(layer.id, in: layer.location).checkFiles() },
        #expect(throws: Failure.self) { try layer.read() },
      ] {
        #expect(failure?.kind == .noPermission)
        #expect(failure?.subject.contains("/overlay/\(layer.id)") == true)
        #expect(failure?.reason.contains("podman unshare") == true)
        #expect(failure?.reason.contains("unshare -U --map-root-user --map-auto") == true)
      }
    }

    @Test func aHomeThatMayNotBeSearchedIsNamed() throws {
      #expect(chmod(layer.folder.at("overlay"), 0) == 0)
      defer { _ = chmod(layer.folder.at("overlay"), 0o755) }
      let failure = #expect(throws: Failure.self) {
        try StoredLayer(layer.id, in: layer.location).checkFiles()
      }
      #expect(failure?.kind == .noPermission)
    }

    /// A layer's root directory may have no read permission.
    @Test func aDirectoryNeedNotBeListed() throws {
      let closed = layer.folder.at("overlay/\(layer.id)/diff")
      #expect(chmod(closed, 0o311) == 0)
      defer { _ = chmod(closed, 0o755) }
      #expect(try layer.read() == Array("head/hello\nhello\n/tail".utf8))
    }
  }
}
