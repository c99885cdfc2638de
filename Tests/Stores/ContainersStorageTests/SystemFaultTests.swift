import Diagnostics
import Glibc
import StoreFixtures
import TarSplit
import Testing

@testable import ContainersStorage
@testable import POSIX

/// What the system cannot do is no damage of the store: every reading with too few descriptors says so.
@Suite struct SystemFaultTests {
  @Test func aPlainLayerIsNotDamaged() async {
    await #expect(processExitsWith: .success) {
      let layer = try plainLayer()
      try layer.folder.write("hello\n", to: layer.file("d/f"))
      try expectWhole(layer)
    }
  }

  /// The file is in a lower layer, found by its short link.
  @Test func aFileOfALowerLayerIsNotLost() async {
    await #expect(processExitsWith: .success) {
      let layer = try plainLayer()
      let lower = String(repeating: "0f", count: 32)
      try layer.folder.write("hello\n", to: "overlay/\(lower)/diff/d/f")
      try layer.folder.symlink("overlay/l/TWIN", to: "../\(lower)/diff")
      try layer.folder.write("l/TWIN", to: "overlay/\(layer.id)/lower")
      try expectWhole(layer)
    }
  }

  /// The short link is missing: all layers are searched for its name.
  @Test func aLostShortLinkIsFound() async {
    await #expect(processExitsWith: .success) {
      let layer = try plainLayer()
      let lower = String(repeating: "0f", count: 32)
      try layer.folder.write("hello\n", to: "overlay/\(lower)/diff/d/f")
      try layer.folder.write("TWIN", to: "overlay/\(lower)/link")
      try layer.folder.write("l/TWIN", to: "overlay/\(layer.id)/lower")
      try expectWhole(layer)
    }
  }

  @Test func aLayerOfAnAdditionalStoreIsNotDamaged() async {
    await #expect(processExitsWith: .success) {
      let layer = try LayerFixture()
      try layer.folder.write("head/hello\n/tail", to: "further/blob")
      try layer.folder.write(layer.folder.at("further"), to: "overlay/\(layer.id)/additionallayer")
      try expectWhole(layer)
    }
  }

  @Test func aComposefsLayerIsNotDamaged() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryDirectory()
      var tar = TarBuilder()
      tar.file("d/one", "one\n")
      let layer = tar.finish()
      var store = try StoreBuilder(root: folder.path)
      let name = try store.addLayer(layer)
      try store.makeComposefs(layer: name, of: layer)
      try store.write()
      let (id, location) = (try store.layerID(0), store.location)
      try expectFaults { () throws(Failure) in try readLayer(id, in: location) == layer.bytes }
    }
  }

  /// Whether the layer was removed meanwhile is found out with a descriptor, too.
  @Test func aMissingFileIsDamageOnlyIfTheRecordsSaySo() async {
    await #expect(processExitsWith: .success) {
      let layer = try plainLayer()
      try layer.folder.write(#"[{"id":"\#(layer.id)"}]"#, to: "overlay-layers/layers.json")
      try expectFaults { () throws(Failure) in
        do throws(Failure) {
          _ = try layer.read()
          return false
        } catch {
          // Enough descriptors: the file is missing. With one less, this cannot be told from a removal.
          guard error.kind == .badData else { throw error }
          return error.reason == "file \"d/f\": No such file or directory"
        }
      }
    }
  }

  @Test func aDiagnosisThatFailsSaysSo() async {
    await #expect(processExitsWith: .success) {
      let layer = try plainLayer()
      try layer.folder.write("Hello\n", to: layer.file("d/f"))
      let source = StoredLayer(layer.id, in: layer.location)
      try expectFaults { () throws(Failure) in
        let diagnosis = source.diagnosis() ?? ""
        if diagnosis.hasSuffix("damaged file \"d/f\"") { return true }
        if diagnosis.hasSuffix("Too many open files") { throw Failure(.tryAgain, "", diagnosis) }
        return false
      }
    }
  }

  @Test func theCheckOfPermissionsFindsFaultsToo() async {
    await #expect(processExitsWith: .success) {
      let layer = try plainLayer()
      try layer.folder.write("hello\n", to: layer.file("d/f"))
      let source = StoredLayer(layer.id, in: layer.location)
      try expectFaults { () throws(Failure) in
        try source.checkFiles()
        return true
      }
    }
  }

  @Test(arguments: [
    (EIO, Failure.Kind.inputOutput), (ENOSPC, .inputOutput), (EBADMSG, .inputOutput), (EMFILE, .tryAgain),
    (ENOMEM, .tryAgain), (ESTALE, .tryAgain), (EACCES, .noPermission), (ENOENT, .badData), (ENOTDIR, .badData),
    (ELOOP, .badData), (ENAMETOOLONG, .badData), (EISDIR, .badData),
  ])
  func theNumberDecides(code: CInt, kind: Failure.Kind) throws {
    let layer = try plainLayer()
    let error = SystemError("read", "", code: code)
    #expect(error.layerFailure(at: "/file").kind == kind)
    #expect(error.layerFailure(at: "/file").subject == "/file")
    let reason = code == ENOENT ? "the contents of the layer are missing" : error.reason
    #expect(error.layerFailure(at: "/file").reason.hasPrefix(reason))
    let failure = try StoredLayer(layer.id, in: layer.location).files().damaged(file: Array("d/f".utf8), error)
    // Without layer records, a missing file proves nothing else.
    #expect(failure.kind == kind)
    if kind != .badData {
      #expect(failure.subject == layer.folder.at(layer.file("d/f")))
      #expect(failure.reason.hasPrefix(error.reason))
    }
  }
}

/// A layer whose file `d/f` is still to be written.
private func plainLayer() throws -> LayerFixture {
  let layer = try LayerFixture()
  try layer.write(records: segment("head/") + file("d/f") + segment("/tail"))
  return layer
}

private func expectWhole(_ layer: LayerFixture) throws {
  try expectFaults { () throws(Failure) in try layer.read() == Array("head/hello\n/tail".utf8) }
}

/// Reads with ever more descriptors until a reading succeeds; all before fail because there are too few.
///
/// Only for a process of its own: the limit is that of the process.
private func expectFaults(_ read: () throws(Failure) -> Bool) throws {
  let resource = CInt(RLIMIT_NOFILE.rawValue)
  var limit = rlimit()
  try #require(getrlimit(resource, &limit) == 0)
  var all = limit
  var failures = 0
  for count in 0..<200 {
    limit.rlim_cur = rlim_t(count)
    try #require(setrlimit(resource, &limit) == 0)
    let result = Result { () throws(Failure) in try read() }
    try #require(setrlimit(resource, &all) == 0)
    switch result {
    case .success(let isRight):
      #expect(isRight)
      #expect(failures > 0)
      return
    case .failure(let failure):
      #expect(failure.kind == .tryAgain, "\(count) descriptors: \(failure)")
      #expect(failure.reason.hasSuffix("Too many open files"))
      failures += 1
    }
  }
  Issue.record("never read")
}
