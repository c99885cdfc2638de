import Diagnostics
import Foundation
import POSIX
import StoreFixtures
import Testing

@testable import Outputs

/// A file gets its name in one way or another on file systems that lack files without a name, the flags of
/// renameat2(2), or hard links.
@Suite struct LackingFileSystemTests {
  /// A file system, as the calls that it refuses.
  struct Lack: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let naming: Naming

    init(_ name: String, _ refused: [Naming.Call: CInt]) {
      testDescription = name
      naming = Naming(refused: refused, trustsTypes: false)
    }
  }

  static let noFlags: [Naming.Call: CInt] = [.renameExclusively: EINVAL, .exchange: EINVAL]
  static let lacks = [
    Lack("unknown", [:]),
    Lack("cannot link unnamed files", [.linkUnnamed: ENOENT]),
    Lack("no unnamed files", [.unnamedFile: EOPNOTSUPP]),
    Lack("old kernel", [.unnamedFile: EISDIR, .renameExclusively: ENOSYS, .exchange: ENOSYS]),
    Lack("NFS", noFlags.merging([.unnamedFile: EOPNOTSUPP]) { $1 }),
    Lack("FUSE without links", noFlags.merging([.unnamedFile: EOPNOTSUPP, .link: EPERM]) { $1 }),
    Lack("SMB", noFlags.merging([.unnamedFile: EOPNOTSUPP, .link: EOPNOTSUPP]) { $1 }),
  ]

  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func open(
    _ lack: Lack, force: Bool = false, synchronize: Bool = false
  ) throws(Failure) -> any ArchiveOutput {
    var target = OutputTarget(path: Path(folder.at("target")))
    target.naming = lack.naming
    (target.force, target.synchronize) = (force, synchronize)
    let output = try target.openArchive()
    try Array("new".utf8).withBytes { bytes throws(Failure) in try output.write(bytes) }
    return output
  }

  private func text() throws -> String { String(decoding: try folder.read("target"), as: UTF8.self) }

  @Test(arguments: lacks, [false, true])
  func aNewFileAppears(lack: Lack, synchronize: Bool) throws {
    _ = try open(lack, synchronize: synchronize).finish()
    #expect(try text() == "new")
    #expect(folder.entries() == ["target"])
  }

  @Test(arguments: lacks, [false, true])
  func anOldFileIsReplacedAtTheEnd(lack: Lack, synchronize: Bool) throws {
    try folder.write("old", to: "target")
    let output = try open(lack, force: true, synchronize: synchronize)
    #expect(try text() == "old")
    _ = try output.finish()
    #expect(try text() == "new")
    #expect(folder.entries() == ["target"])
  }

  @Test(arguments: lacks)
  func aFileThatAppearsMeanwhileStays(lack: Lack) throws {
    do {
      let output = try open(lack)
      try folder.write("theirs", to: "target")
      let failure = #expect(throws: Failure.self) { try output.finish() }
      #expect(failure?.kind == .cannotCreate)
    }
    #expect(try text() == "theirs")
    #expect(folder.entries() == ["target"])
  }

  @Test(arguments: lacks)
  func anAbandonedFileLeavesNothing(lack: Lack) throws {
    _ = try open(lack)
    #expect(folder.entries() == [])
  }

  @Test func unnamedFilesAreUsedOnlyIfTheyCanBeLinked() throws {
    let here = Path(folder.path)
    for refused: [Naming.Call: CInt] in [[.unnamedFile: EOPNOTSUPP], [.linkUnnamed: EXDEV]] {
      #expect(!Naming(refused: refused, trustsTypes: false).linksUnnamedFiles(in: here))
    }
    #expect(folder.entries() == [])
  }

  /// NFS reports an existing name if the answer to a first, successful call was lost.
  @Test(arguments: [false, true])
  func aNameThatTheFileHasAlreadyIsItsOwn(isSame: Bool) throws {
    let lack = Lack("", [.unnamedFile: EOPNOTSUPP, .renameExclusively: EINVAL, .link: EEXIST])
    do {
      let output = try open(lack)
      let temporary = try #require(folder.entries().first)
      if isSame {
        #expect(link(folder.at(temporary), folder.at("target")) == 0)
        _ = try output.finish()
        #expect(try text() == "new")
      } else {
        let failure = #expect(throws: Failure.self) { try output.finish() }
        #expect(failure?.kind == .cannotCreate)
      }
    }
    #expect(folder.entries() == (isSame ? ["target"] : []))
  }

  /// The last resort is to look for the name first.
  @Test(arguments: [EPERM, EMLINK, EXDEV, EINVAL, ENOSYS, EOPNOTSUPP])
  func withoutHardLinksTheNameIsLookedFor(code: CInt) throws {
    let lack = Lack("", [.unnamedFile: EOPNOTSUPP, .renameExclusively: EINVAL, .link: code])
    _ = try open(lack).finish()
    #expect(folder.entries() == ["target"])
    try folder.remove("target")
    do {
      let output = try open(lack)
      try folder.write("theirs", to: "target")
      #expect(throws: Failure.self) { try output.finish() }
    }
    #expect(folder.entries() == ["target"])
    #expect(try text() == "theirs")
  }

  @Test(arguments: [EIO, ENOSPC, EACCES, EROFS])
  func otherErrorsAreReported(code: CInt) throws {
    for refused: [Naming.Call: CInt] in [
      [.unnamedFile: EOPNOTSUPP, .renameExclusively: code],
      [.unnamedFile: EOPNOTSUPP, .renameExclusively: EINVAL, .link: code],
    ] {
      do {
        let output = try open(Lack("", refused))
        let failure = #expect(throws: Failure.self) { try output.finish() }
        #expect(failure?.subject == folder.at("target"))
        #expect(failure?.reason == String(cString: strerror(code)))
      }
      #expect(folder.entries() == [])
    }
  }
}
