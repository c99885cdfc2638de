import Diagnostics
import POSIX
import StoreFixtures
import Testing

@testable import ImageFiles

/// The files of a place are read up to their limits.
@Suite struct NamedFilesTests {
  @Test("The first bytes of a file are no more than are asked for, and no more than there are")
  func firstBytes() throws {
    let folder = try TemporaryDirectory()
    try folder.write("image", to: "file")
    let file = try #require(try DirectoryFiles(Path(folder.path)).find("file"))
    #expect(file.size == 5)
    for (count, start) in [(0, ""), (4, "imag"), (5, "image"), (6, "image")] {
      #expect(try file.start(count) == Array(start.utf8))
    }
  }

  @Test("A file is read whole up to the limit, and refused beyond it")
  func wholeFiles() throws {
    let folder = try TemporaryDirectory()
    try folder.write("image", to: "file")
    let files = try DirectoryFiles(Path(folder.path))
    #expect(try files.contents(of: "file", limit: 5) == Array("image".utf8))
    #expect(throws: Failure(.badData, folder.at("file"), "longer than 4 bytes")) {
      try files.contents(of: "file", limit: 4)
    }
    #expect(try files.contents(of: "other", limit: 5) == nil)
  }
}
