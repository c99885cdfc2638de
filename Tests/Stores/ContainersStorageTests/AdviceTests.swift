import Diagnostics
import Glibc
import POSIX
import StoreFixtures
import Testing

@testable import ContainersStorage

/// What an ordinary user is told about missing permission, also if root runs the tests.
@Suite struct AdviceTests {
  @Test func anotherUsersStoreIsExplained() async {
    await #expect(processExitsWith: .success) {
      try becomeOrdinaryUser()
      let folder = try TemporaryDirectory()
      let advice = "x (another user's store: run as that user, or with sudo for root's"
      #expect(Failure(.noPermission, "/", "x").advisingOnStore().reason == advice + "; this one is root's)")
      #expect(Failure(.noPermission, folder.path, "x").advisingOnStore().reason == advice + ")")
      for kind in Failure.Kind.allCases where kind != .noPermission {
        #expect(Failure(kind, "/", "x").advisingOnStore() == Failure(kind, "/", "x"))
      }
    }
  }

  @Test(.enabled(if: geteuid() == 0)) func rootNeedsNoAdvice() {
    let failure = Failure(.noPermission, "/", "x")
    #expect(failure.advisingOnStore() == failure)
  }

  @Test func whatMayNotBeReadIsNamed() async {
    await #expect(processExitsWith: .success) {
      try becomeOrdinaryUser()
      let layer = try ReadableLayerTests().layer
      for path in [
        "overlay/\(layer.id)/diff/d/g", "overlay/\(layer.id)/diff/d", "overlay/\(layer.id)", "overlay",
      ] {
        let closed = layer.folder.at(path)
        #expect(chmod(closed, 0) == 0)
        for failure in [
          #expect(throws: Failure.self) { try StoredLayer(layer.id, in: layer.location).checkFiles() },
          #expect(throws: Failure.self) { try layer.read() },
        ] {
          #expect(failure?.kind == .noPermission)
          #expect(failure?.subject.hasPrefix(layer.folder.at("overlay")) == true)
          #expect(
            failure?.reason
              == "Permission denied (for a rootless store run under `podman unshare` or "
              + "`unshare -U --map-root-user --map-auto`)")
        }
        #expect(chmod(closed, 0o755) == 0)
      }
      // The root of a layer needs no permission to be listed.
      #expect(chmod(layer.folder.at("overlay/\(layer.id)/diff"), 0o311) == 0)
      #expect(try layer.read() == Array("head/hello\nhello\n/tail".utf8))
      #expect(chmod(layer.folder.at("overlay/\(layer.id)/diff"), 0o755) == 0)
    }
  }

  @Test func whatMayNotBeReadInAnAdditionalLayerIsNamed() async {
    await #expect(processExitsWith: .success) {
      try becomeOrdinaryUser()
      let layer = try LayerFixture()
      try layer.folder.write("head", to: "further/blob")
      try layer.folder.write(layer.folder.at("further"), to: "overlay/\(layer.id)/additionallayer")
      let source = StoredLayer(layer.id, in: layer.location)
      #expect(throws: Never.self) { try source.checkFiles() }
      #expect(chmod(layer.folder.at("further/blob"), 0) == 0)
      let failure = #expect(throws: Failure.self) { try source.checkFiles() }
      #expect(failure?.kind == .noPermission)
      #expect(failure?.subject == layer.folder.at("further/blob"))
      // Other faults are found when the layer is read.
      try layer.folder.remove("further/blob")
      #expect(throws: Never.self) { try source.checkFiles() }
    }
  }

  @Test func aClosedDirectoryIsMissingPermission() async {
    await #expect(processExitsWith: .success) {
      try becomeOrdinaryUser()
      let folder = try TemporaryDirectory()
      try folder.makeDirectory("closed/store/overlay-images")
      #expect(chmod(folder.at("closed"), 0) == 0)
      let failure = #expect(throws: Failure.self) { try StoreRoot(at: Path(folder.at("closed/store"))) }
      #expect(failure?.kind == .noPermission)
      #expect(failure?.subject == folder.at("closed/store"))
      #expect(chmod(folder.at("closed"), 0o755) == 0)
      // What may be a store below is offered even if it cannot be looked at.
      try folder.makeDirectory("containers/storage")
      #expect(chmod(folder.at("containers/storage"), 0) == 0)
      #expect(try StoreRoot(at: Path(folder.at("containers"))) == .otherDirectory(hasStoreBelow: true))
      #expect(chmod(folder.at("containers/storage"), 0o755) == 0)
    }
  }
}
