import StoreFixtures
import Testing

@testable import POSIX

/// Temporary names are removed on request, kept ones stay.
@Suite struct CleanupRegistryTests {
  @Test func namesAreRemovedOrKept() throws {
    let folder = try TemporaryDirectory()
    let (tree, empty, full) = (Path(folder.at("tree")), Path(folder.at("empty")), Path(folder.at("full")))
    try CleanupRegistry.change { registry throws(SystemError) in
      for path in [tree, empty, full] {
        try registry.make(path, path == tree ? .tree : .emptyDirectory) { () throws(SystemError) in
          try path.makeDirectory()
        }
      }
    }
    try folder.write("x", to: "tree/a/b")
    try folder.write("x", to: "full/theirs")
    try folder.write("x", to: "kept")
    try CleanupRegistry.change { registry throws(SystemError) in
      registry.add(Path(folder.at("kept")), .file)
      registry.keep(Path(folder.at("kept")))
      for path in [tree, empty, full, Path(folder.at("kept"))] { registry.remove(path) }
    }
    #expect(folder.entries() == ["full", "kept"])
  }

  @Test func signalsAreWatched() {
    #expect(SignalWatch.start { SignalWatch.die(of: $0) })
  }

  @Test func theFaultOfARemovalIsReturned() throws {
    let folder = try TemporaryDirectory()
    try folder.write("x", to: "full/theirs")
    let full = Path(folder.at("full"))
    try CleanupRegistry.change { registry throws(SystemError) in
      registry.add(full, .emptyDirectory)
      #expect(registry.remove(full)?.isNotEmpty == true)
      #expect(registry.remove(full) == nil)
      registry.add(Path(folder.at("missing")), .file)
      #expect(registry.remove(Path(folder.at("missing")))?.isNotFound == true)
    }
    #expect(folder.entries() == ["full"])
  }

  @Test func whatCouldNotBeMadeIsNotRemoved() throws {
    let folder = try TemporaryDirectory()
    try folder.makeDirectory("theirs")
    let theirs = Path(folder.at("theirs"))
    let error = #expect(throws: SystemError.self) {
      try CleanupRegistry.change { registry throws(SystemError) in
        try registry.make(theirs, .tree) { () throws(SystemError) in try theirs.makeDirectory() }
      }
    }
    #expect(error?.alreadyExists == true)
    try CleanupRegistry.change { registry throws(SystemError) in registry.remove(theirs) }
    #expect(folder.entries() == ["theirs"])
  }
}
