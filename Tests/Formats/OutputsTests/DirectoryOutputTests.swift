import Diagnostics
import Foundation
import POSIX
import StoreFixtures
import Testing

@testable import Outputs

/// A directory is valid when complete; a failed save leaves it as it was.
@Suite struct DirectoryOutputTests {
  let folder: TemporaryDirectory
  private var target: OutputTarget

  init() throws {
    folder = try TemporaryDirectory()
    target = OutputTarget(path: Path(folder.at("target")))
  }

  /// What a file system refuses when a directory that exists is to be replaced.
  static let lacks: [[Naming.Call: CInt]] = [
    [:], [.exchange: EINVAL], [.exchange: ENOSYS], [.exchange: EXDEV],
    [.exchange: EXDEV, .renameDirectory: EXDEV], [.exchange: EINVAL, .renameDirectory: EBUSY],
    [.unnamedFile: EOPNOTSUPP, .exchange: EOPNOTSUPP, .renameExclusively: EOPNOTSUPP, .link: EPERM],
  ]

  private func open(_ target: OutputTarget, markers: [String]) throws(Failure) -> DirectoryOutput {
    let disposition = try target.disposition(for: .directory(markers: markers))
    return try DirectoryOutput(target, disposition, isShared: !markers.isEmpty)
  }

  /// Writes blobs, and the last file if `finish`.
  @discardableResult
  private func write(
    _ target: OutputTarget, markers: [String] = ["index"], blob: String = "blob", finish: Bool = true
  ) throws(Failure) -> DirectoryOutput {
    let output = try open(target, markers: markers)
    try output.makeDirectory("blobs/")
    try output.write("blobs/\(blob)", Array("data".utf8))
    try output.write("version", Array("1".utf8))
    if finish { try output.finish { ("index", Array("new".utf8)) } }
    return output
  }

  private func paths() -> [String] { FileManager.default.subpaths(atPath: folder.path)?.sorted() ?? [] }
  private let complete = ["target", "target/blobs", "target/blobs/blob", "target/index", "target/version"]

  private func mode(_ name: String) throws -> mode_t { try FileStatus.of(Path(folder.at(name))).mode }

  @Test(arguments: lacks, [false, true])
  func aNewDirectoryAppears(refused: [Naming.Call: CInt], synchronize: Bool) throws {
    var target = target
    (target.naming, target.synchronize) = (Naming(refused: refused, trustsTypes: false), synchronize)
    let output = try write(target, finish: false)
    #expect(!Path(folder.at("target")).exists)
    try output.finish { ("index", Array("new".utf8)) }
    #expect(paths() == complete)
  }

  @Test(arguments: [[], ["index"]], [false, true])
  func anEmptyDirectoryIsFilledInPlace(markers: [String], force: Bool) throws {
    try folder.makeDirectory("target")
    chmod(folder.at("target"), 0o2710)
    let before = try FileStatus.of(Path(folder.at("target")))
    var target = target
    target.force = force
    do {
      let output = try write(target, markers: markers, finish: false)
      #expect(!paths().contains("target/index"))
      withExtendedLifetime(output) {}
    }
    #expect(paths() == ["target"])
    try write(target, markers: markers)
    #expect(paths() == complete)
    #expect(try FileStatus.of(Path(folder.at("target"))).isSameFile(as: before))
    #expect(try mode("target") == 0o2710)
  }

  @Test func aNewFileSystemIsEmpty() throws {
    try folder.makeDirectory("target/lost+found")
    try write(target)
    #expect(paths() == (complete + ["target/lost+found"]).sorted())
  }

  @Test(arguments: lacks, [false, true])
  func forceReplacesAtTheEnd(refused: [Naming.Call: CInt], synchronize: Bool) throws {
    try folder.write("old", to: "target/index")
    try folder.write("old", to: "target/blobs/other/deep")
    var target = target
    target.force = true
    (target.naming, target.synchronize) = (Naming(refused: refused), synchronize)
    let old = ["target", "target/blobs", "target/blobs/other", "target/blobs/other/deep", "target/index"]
    do { _ = try write(target, finish: false) }
    #expect(paths() == old)
    try write(target)
    #expect(paths() == complete)
    #expect(try folder.read("target/index") == Array("new".utf8))
  }

  @Test func aDirectoryThatCannotBeMovedGetsOtherContents() throws {
    try folder.write("old", to: "target/index")
    try folder.write("old", to: "target/blobs/other")
    try folder.makeDirectory("target/lost+found")
    chmod(folder.at("target"), 0o750)
    var target = OutputTarget(path: Path(folder.at("target/.")))
    target.force = true
    do { _ = try write(target, finish: false) }
    #expect(try folder.read("target/index") == Array("old".utf8))
    #expect(folder.entries("target") == ["blobs", "index", "lost+found"])
    try write(target)
    #expect(paths() == (complete + ["target/lost+found"]).sorted())
    #expect(try mode("target") == 0o750)
  }

  @Test(arguments: [[], ["index"]])
  func aDirectoryThatIsFilledMeanwhileStays(markers: [String]) throws {
    let output = try write(target, markers: markers, finish: false)
    try folder.write("theirs", to: "target/index")
    let failure = #expect(throws: Failure.self) { try output.finish { ("index", []) } }
    #expect(failure?.kind == .cannotCreate)
    #expect(try folder.read("target/index") == Array("theirs".utf8))
  }

  @Test func anEmptyDirectoryIsFilledByOneOnly() throws {
    try folder.makeDirectory("target")
    do {
      let late = try open(target, markers: [])
      try write(target, markers: [])
      try late.makeDirectory("blobs/")
      try late.write("blobs/late", [1])
      let failure = #expect(throws: Failure.self) { try late.finish { ("index", Array("late".utf8)) } }
      #expect(failure?.kind == .cannotCreate)
    }
    #expect(paths() == complete)
    #expect(try folder.read("target/index") == Array("new".utf8))
  }

  @Test func theLastFileIsMadeWhileOthersWait() throws {
    try folder.write("old", to: "target/index")
    var target = target
    target.patience = 0
    let output = try write(target, finish: false)
    try output.finish { () throws(Failure) in
      // Another process would wait here.
      let other = try write(target, blob: "other", finish: false)
      let failure = #expect(throws: Failure.self) { try other.finish { ("index", []) } }
      #expect(failure?.kind == .tryAgain)
      return ("index", Array("new".utf8))
    }
    #expect(try folder.read("target/index") == Array("new".utf8))
  }

  @Test func replacingWaitsForOthers() throws {
    try folder.write("old", to: "target/index")
    var target = target
    (target.force, target.patience) = (true, 0)
    let lock = try DirectoryLock.take(Path(folder.at("target")), seconds: 0)
    let failure = #expect(throws: Failure.self) { try write(target) }
    #expect(
      failure == Failure(.tryAgain, folder.at("target"), "is locked by another process for 0 seconds"))
    lock?.release()
    #expect(try folder.read("target/index") == Array("old".utf8))
    #expect(folder.entries() == ["target"])
  }

  @Test func aTargetThatAppearsMeanwhileIsNotAddedTo() throws {
    let disposition = try target.disposition(for: .directory(markers: ["index"]))
    try folder.write("theirs", to: "target/index")
    let output = try DirectoryOutput(target, disposition, isShared: true)
    let failure = #expect(throws: Failure.self) { try output.finish { ("index", []) } }
    #expect(failure?.kind == .cannotCreate)
    #expect(try folder.read("target/index") == Array("theirs".utf8))
  }

  /// A layout that grows takes a blob of the same name as its own: the name is its digest.
  @Test(arguments: [EIO, ENOSPC, EACCES, EEXIST], [false, true])
  func aFileThatGetsNoNameIsReported(code: CInt, isShared: Bool) throws {
    try folder.makeDirectory("target")
    var target = target
    target.naming = Naming(
      refused: [.unnamedFile: EOPNOTSUPP, .renameExclusively: code], trustsTypes: false)
    do {
      let output = try open(target, markers: isShared ? ["index"] : [])
      if isShared, code == EEXIST {
        try output.write("blob", [1])
      } else {
        let failure = #expect(throws: Failure.self) { try output.write("blob", [1]) }
        #expect(failure?.subject == folder.at("target/blob"))
        #expect(failure?.reason == String(cString: strerror(code)))
      }
    }
    #expect(paths() == ["target"])
  }

  @Test func aBlobThatIsKeptMustStay() throws {
    try folder.write("old", to: "target/index")
    try folder.write("data", to: "target/blobs/kept")
    for isRemoved in [false, true] {
      let output = try open(target, markers: ["index"])
      output.keep("blobs/kept")
      if isRemoved { try folder.remove("target/blobs/kept") }
      if isRemoved {
        let failure = #expect(throws: Failure.self) { try output.finish { ("index", []) } }
        #expect(
          failure == Failure(.tryAgain, folder.at("target/blobs/kept"), "was removed by another process"))
      } else {
        try output.finish { ("index", Array("new".utf8)) }
      }
    }
    #expect(try folder.read("target/index") == Array("new".utf8))
  }

  @Test func aBlobOfAnotherProcessStays() throws {
    try folder.write("old", to: "target/index")
    do {
      let failing = try write(target, finish: false)
      try write(target)
      withExtendedLifetime(failing) {}
    }
    #expect(paths() == complete)
  }

  @Test func aBlobThatIsRemovedMeanwhileIsMissed() throws {
    try folder.write("old", to: "target/index")
    let output = try write(target, finish: false)
    try folder.remove("target/blobs/blob")
    let failure = #expect(throws: Failure.self) { try output.finish { ("index", []) } }
    #expect(failure?.kind == .tryAgain)
    #expect(try folder.read("target/index") == Array("old".utf8))
  }
}
