import Diagnostics
import Foundation
import POSIX
import StoreFixtures
import Testing

@testable import Outputs

/// A file gets its name when complete or not at all, and nothing else is left.
@Suite struct FileOutputTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func write(
    _ text: String, to name: String, force: Bool = false, synchronize: Bool = false, finish: Bool = true
  ) throws(Failure) {
    var target = OutputTarget(path: Path(folder.at(name)))
    target.force = force
    target.synchronize = synchronize
    let output = try target.openArchive()
    let bytes = Array(text.utf8)
    try bytes.withUnsafeBufferPointer { buffer throws(Failure) in
      try output.write(UnsafeRawBufferPointer(buffer))
    }
    if finish { _ = try output.finish() }
  }

  private func text(_ name: String) throws -> String { String(decoding: try folder.read(name), as: UTF8.self) }

  private func mode(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.at(name))
    return try #require(attributes[.posixPermissions] as? Int)
  }

  /// The mode of a new file; reads the mask but does not set it, because it belongs to the whole process.
  private func newMode() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Umask:") })
    let mask = try #require(Int(line.dropFirst(6).trimmingCharacters(in: .whitespaces), radix: 8))
    return 0o666 & ~mask
  }

  @Test(arguments: [false, true], [false, true])
  func aNewFileAppears(force: Bool, synchronize: Bool) throws {
    try write("new", to: "target", force: force, synchronize: synchronize)
    #expect(try text("target") == "new")
    #expect(try mode("target") == newMode())
    #expect(folder.entries() == ["target"])
  }

  @Test(arguments: [false, true])
  func anEmptyFileIsReplaced(force: Bool) throws {
    try folder.write("", to: "target")
    try write("new", to: "target", force: force)
    #expect(try text("target") == "new")
    #expect(folder.entries() == ["target"])
  }

  @Test func aFileThatHoldsSomethingIsRefused() throws {
    try folder.write("old", to: "target")
    let failure = #expect(throws: Failure.self) { try write("new", to: "target") }
    #expect(failure?.kind == .cannotCreate)
    #expect(failure?.subject == folder.at("target"))
    #expect(failure?.reason == "exists and is not empty (--force replaces it)")
    #expect(try text("target") == "old")
    #expect(folder.entries() == ["target"])
  }

  @Test(arguments: [false, true])
  func forceReplacesAtTheEndOnly(synchronize: Bool) throws {
    try folder.write("old", to: "target")
    try write("new", to: "target", force: true, finish: false)
    #expect(try text("target") == "old")
    #expect(folder.entries() == ["target"])
    try write("new", to: "target", force: true, synchronize: synchronize)
    #expect(try text("target") == "new")
    #expect(try mode("target") == newMode())
    #expect(folder.entries() == ["target"])
  }

  @Test func anAbandonedFileLeavesNothing() throws {
    try write("part", to: "target", finish: false)
    #expect(folder.entries() == [])
    try folder.write("", to: "empty")
    try write("part", to: "empty", finish: false)
    #expect(folder.entries() == ["empty"])
    #expect(try text("empty") == "")
  }

  @Test func aTargetThatAppearsMeanwhileIsKept() throws {
    let output = try OutputTarget(path: Path(folder.at("target"))).openArchive()
    try folder.write("theirs", to: "target")
    let failure = #expect(throws: Failure.self) { try output.finish() }
    #expect(failure?.kind == .cannotCreate)
    #expect(try text("target") == "theirs")
    #expect(folder.entries() == ["target"])
  }

  @Test(arguments: [false, true])
  func aDirectoryIsRefused(force: Bool) throws {
    try folder.makeDirectory("target")
    let failure = #expect(throws: Failure.self) { try write("new", to: "target", force: force) }
    #expect(failure == Failure(.cannotCreate, folder.at("target"), "is a directory"))
    #expect(folder.entries() == ["target"] && folder.entries("target") == [])
  }

  @Test func aMissingParentIsNamed() throws {
    try folder.write("x", to: "file")
    let missing = #expect(throws: Failure.self) { try write("new", to: "missing/target") }
    #expect(missing == Failure(.cannotCreate, folder.at("missing/target"), "No such file or directory"))
    let file = #expect(throws: Failure.self) { try write("new", to: "file/target") }
    #expect(file?.kind == .cannotCreate)
    #expect(folder.entries() == ["file"])
  }

  @Test func aLinkStaysAndItsTargetIsWritten() throws {
    try folder.makeDirectory("there")
    try folder.symlink("dangling", to: "there/new")
    try folder.symlink("absolute", to: folder.at("dangling"))
    try write("new", to: "absolute")
    #expect(try text("there/new") == "new")
    #expect(folder.entries() == ["absolute", "dangling", "there"] && folder.entries("there") == ["new"])
    #expect(try FileStatus.ofLink(Path(folder.at("dangling"))).kind == .symbolicLink)
    #expect(throws: Failure.self) { try write("newer", to: "absolute") }
    try write("newer", to: "absolute", force: true)
    #expect(try text("there/new") == "newer")
    #expect(try FileStatus.ofLink(Path(folder.at("absolute"))).kind == .symbolicLink)
  }

  @Test func aLoopOfLinksIsRefused() throws {
    try folder.symlink("a", to: "b")
    try folder.symlink("b", to: "a")
    let failure = #expect(throws: Failure.self) { try write("new", to: "a") }
    #expect(failure?.kind == .cannotCreate)
    #expect(folder.entries() == ["a", "b"])
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func aDirectoryWithoutPermissionIsNamed() throws {
    try folder.makeDirectory("locked")
    chmod(folder.at("locked"), 0o500)
    defer { chmod(folder.at("locked"), 0o700) }
    let failure = #expect(throws: Failure.self) { try write("new", to: "locked/target") }
    #expect(failure?.kind == .noPermission)
    #expect(folder.entries("locked") == [])
  }

  @Test func aDeviceIsWrittenInPlace() throws {
    try folder.symlink("null", to: "/dev/null")
    try write("lost", to: "null")
    try folder.symlink("full", to: "/dev/full")
    let failure = #expect(throws: Failure.self) { try write("too much", to: "full") }
    #expect(failure?.kind == .inputOutput)
    #expect(failure?.reason == "No space left on device")
  }

  @Test(.timeLimit(.minutes(5)))
  func aFIFOIsWrittenInPlace() throws {
    try folder.makeFIFO("fifo")
    let reader = open(folder.at("fifo"), O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try write("through", to: "fifo")
    var buffer = [UInt8](repeating: 0, count: 100)
    let count = read(reader, &buffer, buffer.count)
    #expect(String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self) == "through")
    #expect(folder.entries() == ["fifo"])
  }

  @Test(arguments: ["a b", "new\nline", "-", "e\u{301}", ".", "x:y"])
  func anyNameWillDo(name: String) throws {
    if name == "." {
      #expect(throws: Failure.self) { try write("new", to: name) }
    } else {
      try write("new", to: name, finish: false)
      #expect(folder.entries() == [])
      try write("new", to: name)
      #expect(folder.entries() == [name])
    }
  }
}
