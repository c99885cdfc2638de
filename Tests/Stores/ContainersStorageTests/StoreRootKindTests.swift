import Diagnostics
import POSIX
import StoreFixtures
import Testing

@testable import ContainersStorage

/// What a directory must have to be a store.
@Suite struct StoreRootKindTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func kind(_ name: String) throws(Failure) -> StoreRoot { try StoreRoot(at: Path(folder.at(name))) }

  @Test func aStoreIsOne() throws {
    _ = try SampleStore.build(at: folder.at("store"))
    #expect(try kind("store") == .store)
    #expect(throws: Never.self) { try kind("store").check("x") }
  }

  @Test(arguments: [
    "overlay", "overlay-images", "overlay-layers", "overlay-containers", "vfs", "vfs-images", "btrfs-layers",
    "zfs",
    "libpod",
  ])
  func anyDirectoryOfAStoreIsEnough(name: String) throws {
    try folder.makeDirectory("new/\(name)")
    #expect(try kind("new") == .store)
    // A file of that name is no such directory.
    try folder.write("", to: "files/\(name)")
    #expect(try kind("files") == .otherDirectory(hasStoreBelow: false))
  }

  @Test func theLockFileIsEnough() throws {
    try folder.write("", to: "new/storage.lock")
    #expect(try kind("new") == .store)
  }

  @Test func otherPlacesAreDistinguished() throws {
    try folder.makeDirectory("empty")
    try folder.makeDirectory("mounted/lost+found")
    try folder.write("", to: "other/file")
    try folder.makeDirectory("containers/storage/overlay-images")
    try folder.makeDirectory("data/storage/x")
    #expect(try kind("empty") == .emptyDirectory)
    #expect(try kind("mounted") == .emptyDirectory)
    #expect(try kind("other") == .otherDirectory(hasStoreBelow: false))
    #expect(try kind("containers") == .otherDirectory(hasStoreBelow: true))
    #expect(try kind("data") == .otherDirectory(hasStoreBelow: false))
    #expect(try kind("other/file") == .file)
    for name in ["nowhere", "other/file/below", String(repeating: "x", count: 300)] {
      #expect(try kind(name) == .missing)
    }
    let failure = #expect(throws: Failure.self) { try kind("containers").check("/c", from: "$VARIABLE") }
    #expect(failure?.kind == .unavailable)
    #expect(failure?.subject == "/c")
    #expect(failure?.reason.hasSuffix("(from $VARIABLE; did you mean /c/storage?)") == true)
  }

  @Test func aStoreThatIsGoneIsRefused() throws {
    let root = folder.at("gone")
    try folder.makeDirectory("gone/overlay-layers")
    let location = StoreLocation(root: Path(root), driver: .overlay)
    #expect(throws: Never.self) { try location.check() }
    try folder.remove("gone")
    let failure = #expect(throws: Failure.self) { try location.check() }
    #expect(failure == Failure(.unavailable, root, "no such directory"))
  }
}
