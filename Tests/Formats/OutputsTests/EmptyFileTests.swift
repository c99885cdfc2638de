import Diagnostics
import Foundation
import POSIX
import StoreFixtures
import Testing

@testable import Outputs

/// An empty file that exists keeps its mode, owner, group and all its names.
@Suite struct EmptyFileTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    try folder.write("", to: "target")
  }

  private func target(force: Bool = false, synchronize: Bool = false, summarizes: Bool = false) -> OutputTarget
  {
    var target = OutputTarget(path: Path(folder.at("target")))
    (target.force, target.synchronize, target.summarizes) = (force, synchronize, summarizes)
    return target
  }

  private func open(_ target: OutputTarget) throws(Failure) -> any ArchiveOutput {
    let output = try target.openArchive()
    try Array("new".utf8).withBytes { bytes throws(Failure) in try output.write(bytes) }
    return output
  }

  private func isInPlace() throws -> Bool? {
    guard case .emptyFile(_, let inPlace) = try target().disposition(for: .archive) else { return nil }
    return inPlace
  }

  private func status() throws -> FileStatus { try FileStatus.of(Path(folder.at("target"))) }

  /// The kernel drops set-ID bits when a user other than root writes.
  static let modes: [mode_t] = [0o600, 0o640, 0o444] + (geteuid() == 0 ? [0o2755, 0o4711] : [])

  @Test(arguments: modes, [false, true])
  func theModeIsKept(mode: mode_t, force: Bool) throws {
    chmod(folder.at("target"), mode)
    #expect(try isInPlace() == false)
    _ = try open(target(force: force)).finish()
    #expect(try status().mode == mode)
    #expect(try folder.read("target") == Array("new".utf8))
    #expect(folder.entries() == ["target"])
  }

  @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
  func theOwnerIsKept() throws {
    chown(folder.at("target"), 12, 34)
    _ = try open(target()).finish()
    #expect(try status().owner == 12 && status().group == 34)
  }

  @Test(arguments: [false, true])
  func aFileWithTwoNamesIsWrittenInPlace(synchronize: Bool) throws {
    link(folder.at("target"), folder.at("other"))
    chmod(folder.at("target"), 0o600)
    #expect(try isInPlace() == true)
    let before = try status()
    do {
      let output = try open(target())
      #expect(try folder.read("other") == Array("new".utf8))
      withExtendedLifetime(output) {}
    }
    #expect(try folder.read("other") == [])
    let summary = try open(target(synchronize: synchronize, summarizes: true)).finish()
    #expect(summary?.size == 3)
    #expect(try folder.read("other") == Array("new".utf8))
    #expect(try status().isSameFile(as: before) && status().mode == 0o600)
    #expect(folder.entries() == ["other", "target"])
  }

  @Test func aFileWithAttributesIsWrittenInPlace() throws {
    // Glibc's module leaves out the calls for attributes.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", "import os, sys; os.setxattr(sys.argv[1], 'user.img', b'x')", folder.at("target"),
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let isSet = process.terminationStatus == 0
    #expect(Path(folder.at("target")).hasAttributes == isSet)
    #expect(try isInPlace() == isSet)
    _ = try open(target()).finish()
    #expect(Path(folder.at("target")).hasAttributes == isSet)
    #expect(try folder.read("target") == Array("new".utf8))
  }

  @Test func aFileThatIsFilledMeanwhileIsRefused() throws {
    link(folder.at("target"), folder.at("other"))
    try folder.write("theirs", to: "target")
    #expect(throws: SystemError.self) { try NewFile(inPlace: Path(folder.at("target"))) }
    #expect(try folder.read("target") == Array("theirs".utf8))
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func aFileInAClosedDirectoryIsWrittenInPlace() throws {
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    #expect(try isInPlace() == true)
    try target().check(for: .archive)
    _ = try open(target()).finish()
    #expect(try folder.read("target") == Array("new".utf8))
    truncate(folder.at("target"), 0)
    chmod(folder.at("target"), 0o400)
    let foreseen = #expect(throws: Failure.self) { try target().check(for: .archive) }
    let failure = #expect(throws: Failure.self) { try open(target()) }
    #expect(foreseen == failure && failure?.kind == .noPermission)
  }
}
