import Diagnostics
import Foundation
import ImageFormats
import POSIX
import Saving
import StoreFixtures
import Testing

/// After any bit of a store is flipped, a save fails or gives exactly the same archive.
///
/// Umoci's hardening tests do the same.
@Suite(.timeLimit(.minutes(5))) struct ByteFlipTests {
  private static let name = "localhost/flip:1"

  /// A store of one image with two layers of a few files each.
  private static func build(_ driver: StoreBuilder.Driver, in folder: TemporaryDirectory) throws -> StoreBuilder
  {
    var store = try StoreBuilder(root: folder.at("store"), driver: driver)
    var base = TarBuilder()
    base.directory("etc/")
    for index in 0..<4 { base.file("etc/\(index)", deterministicBytes(60 * index, seed: UInt64(index))) }
    base.symlink("link", to: "etc")
    var top = TarBuilder()
    for index in 0..<3 { top.file("link/t\(index)", deterministicBytes(100, seed: UInt64(10 + index))) }
    top.hardLink("hard", to: "link/t0")
    top.whiteout("etc/3")
    try store.addImage(name, layers: [base.finish(), top.finish()])
    try store.write()
    return store
  }

  /// The files of a store that are metadata, or those that are not.
  ///
  /// The second copy of the manifest, named by its digest, is omitted: a save does not read it.
  private func files(_ folder: TemporaryDirectory, metadata: Bool) throws -> [String] {
    let all = try FileManager.default.subpathsOfDirectory(atPath: folder.at("store"))
    return all.sorted().filter { path in
      let status = try? FileStatus.ofLink(Path(folder.at("store/" + path)))
      guard let status, status.kind == .regular, status.size > 0 else { return false }
      let isMetadata = path.contains("-images/") || path.contains("-layers/")
      return isMetadata == metadata && !path.contains("/=bWFuaWZlc3Q")
    }
  }

  private func save(_ store: StoreBuilder, in folder: TemporaryDirectory) throws -> [UInt8] {
    let selection = try SaveSelection(resolve([Self.name], in: store.location), format: DockerArchive())
    _ = try dockerArchive(at: folder.at("out/target")).prepare(selection).run()
    let bytes = try folder.read("out/target")
    try folder.remove("out/target")
    return bytes
  }

  /// Flips a bit in every `step`-th byte of the files; returns the number of failed and of identical saves.
  private func flip(
    _ driver: StoreBuilder.Driver, metadata: Bool, step: Int, seed: Int
  ) throws -> (failed: Int, identical: Int) {
    let folder = try TemporaryDirectory()
    let store = try Self.build(driver, in: folder)
    try folder.makeDirectory("out")
    let expected = try save(store, in: folder)
    var failed = 0
    var identical = 0
    for name in try files(folder, metadata: metadata) {
      let original = try folder.read("store/" + name)
      for index in stride(from: seed % step, to: original.count, by: step) {
        var damaged = original
        damaged[index] ^= 1 << ((index / step + seed) % 8)
        try folder.write(damaged, to: "store/" + name)
        do {
          let bytes = try save(store, in: folder)
          if bytes != expected { Issue.record("\(name), byte \(index): another archive") }
          identical += 1
        } catch {
          if !(error is Failure) { Issue.record("\(name), byte \(index): \(error)") }
          failed += 1
        }
        if !folder.entries("out").isEmpty { Issue.record("\(name), byte \(index): something was left") }
      }
      try folder.write(original, to: "store/" + name)
    }
    let restored = try save(store, in: folder)
    #expect(restored == expected)
    return (failed, identical)
  }

  /// Every byte for overlay, in two parallel halves; a sample for vfs, whose metadata is similar.
  @Test(arguments: [(.overlay, 2, 0), (.overlay, 2, 1), (.vfs, 20, 3)] as [(StoreBuilder.Driver, Int, Int)])
  func aFlipInTheMetadataIsFoundOrHarmless(driver: StoreBuilder.Driver, step: Int, seed: Int) throws {
    let result = try flip(driver, metadata: true, step: step, seed: seed)
    // Most bytes affect the archive; some do not, such as names and times in records.
    #expect(result.failed > result.identical)
    #expect(result.identical > 0)
  }

  @Test(arguments: StoreBuilder.Driver.allCases)
  func aFlipInAFileIsFound(driver: StoreBuilder.Driver) throws {
    let result = try flip(driver, metadata: false, step: 7, seed: 0)
    #expect(result.failed > 50)
    // In overlay only the short links are unused; in vfs each layer has its own copy of all files.
    #expect(driver == .vfs || result.identical < 40)
  }
}
