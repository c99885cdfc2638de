import Diagnostics
import Foundation
import POSIX
import StoreFixtures
import Testing

@testable import Outputs

/// What is known about a target before anything is written.
@Suite struct OutputTargetTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func target(_ name: String, force: Bool = false) -> OutputTarget {
    var target = OutputTarget(path: Path(folder.at(name)))
    target.force = force
    return target
  }

  private func notes(_ name: String, _ kind: OutputKind, force: Bool = false) -> [String] {
    target(name, force: force).notes(for: kind).map { $0.replacing(folder.path + "/", with: "") }
  }

  /// A confined save may write there only.
  @Test func thePlacesAreTheFileAndItsDirectory() throws {
    #expect(OutputTarget(path: nil).places == [])
    #expect(target("new").places == [Path(folder.path), Path(folder.at("new"))])
    try folder.makeDirectory("there")
    try folder.symlink("link", to: "there/file")
    #expect(target("link").places == [Path(folder.at("there")), Path(folder.at("there/file"))])
    #expect(OutputTarget(path: "/dev/fd/1").places == ["/dev/fd/1"])
    try folder.symlink("loop", to: "loop")
    #expect(target("loop").places == [Path(folder.at("loop"))])
  }

  @Test func nothingIsSummedUpUnlessAskedFor() throws {
    let output = try target("file").openArchive()
    #expect(try output.finish() == nil)
    var other = target("other")
    other.summarizes = true
    // A piece of the buffer that reads the file again, and one byte more.
    for size in [512 << 10, 512 << 10 + 1] {
      let output = try other.openArchive()
      try deterministicBytes(size, seed: 1).withBytes { bytes throws(Failure) in try output.write(bytes) }
      #expect(try output.finish()?.size == UInt64(size))
      try folder.remove("other")
    }
  }

  @Test func notesNameWhatIsUnusual() throws {
    let layout = OutputKind.directory(markers: ["index"])
    for kind in [.archive, layout] { #expect(notes("new", kind) == []) }
    try folder.makeDirectory("empty")
    #expect(
      notes("empty", layout) == [
        "empty: writes into the existing empty directory; empties it after a failure"
      ])
    try folder.write("x", to: "grown/index")
    #expect(notes("grown", layout) == [])
    #expect(notes("grown", .directory(markers: []), force: true) == [])
    #expect(
      notes("grown/.", layout, force: true) == [
        "grown/.: cannot be renamed; removes its contents and moves the new ones into it"
      ])
    try folder.write("", to: "file")
    #expect(notes("file", .archive) == [])
    link(folder.at("file"), folder.at("second"))
    #expect(
      notes("file", .archive) == ["file: writes into the existing empty file; empties it after a failure"])
    try folder.write("x", to: "full")
    #expect(notes("full", .archive) == [] && notes("full", .archive, force: true) == [])
    let number = Foundation.open(folder.at("full"), O_WRONLY)
    defer { close(number) }
    #expect(
      OutputTarget(path: Path("/dev/fd/\(number)")).notes(for: .archive) == [
        "/dev/fd/\(number): writes into descriptor \(number); a failure leaves a truncated archive"
      ])
  }

  /// The kernel opens a file through 40 links and refuses one more.
  @Test func asManyLinksAreFollowedAsByTheKernel() throws {
    try folder.write("", to: "link0")
    for number in 1...41 { try folder.symlink("link\(number)", to: "link\(number - 1)") }
    for (number, isFollowed) in [(40, true), (41, false)] {
      let opened = Foundation.open(folder.at("link\(number)"), O_WRONLY)
      #expect((opened >= 0) == isFollowed)
      if opened >= 0 { close(opened) }
      if isFollowed {
        try target("link\(number)").check(for: .archive)
      } else {
        let failure = #expect(throws: Failure.self) { try target("link\(number)").check(for: .archive) }
        #expect(failure?.reason == "too many symbolic links")
      }
    }
  }

  /// `.` and `..` are no names that another directory can take.
  @Test(arguments: [("full", false), ("full/.", true), ("full/sub/..", true)])
  func aDirectoryWithoutANameOfItsOwnIsRefilled(name: String, isRefilled: Bool) throws {
    try folder.write("x", to: "full/sub/file")
    let disposition = try target(name, force: true).disposition(for: .directory(markers: ["index"]))
    switch disposition {
    case .newDirectory(_, replaces: .contents): #expect(isRefilled)
    case .newDirectory(_, replaces: .directory): #expect(!isRefilled)
    default: Issue.record("\(disposition)")
    }
  }

  @Test func aSubdirectoryThatIsMissingOrOpenIsNotRefused() throws {
    #expect(OutputTarget.refusal(ofSubdirectory: Path(folder.at("missing"))) == nil)
    #expect(OutputTarget.refusal(ofSubdirectory: Path(folder.path)) == nil)
  }

  @Test func directoriesAreNoStreamsAndStreamsNoDirectories() throws {
    let nowhere = #expect(throws: Failure.self) {
      try OutputTarget(path: nil).check(for: .directory(markers: []))
    }
    #expect(
      nowhere
        == Failure(.usage, "standard output", "a directory cannot be written to standard output (use -o)"))
    try folder.write("x", to: "file")
    let file = #expect(throws: Failure.self) { try target("file").check(for: .directory(markers: [])) }
    #expect(file == Failure(.cannotCreate, folder.at("file"), "is not a directory"))
    try folder.write("x", to: "full/file")
    let full = #expect(throws: Failure.self) { try target("full").check(for: .directory(markers: ["index"])) }
    #expect(
      full == Failure(.cannotCreate, folder.at("full"), "exists and is not empty (--force replaces it)"))
  }

  /// A type that promises that unnamed files can be linked must not be trusted if they cannot.
  @Test(arguments: ["/tmp", "/dev/shm", "/var/tmp"])
  func theTypeOfAFileSystemIsRight(directory: String) throws {
    let path = Path(directory)
    guard path.exists, (try? path.checkWritable()) != nil else { return }
    #expect(
      Naming().linksUnnamedFiles(in: path) == Naming(trustsTypes: false).linksUnnamedFiles(in: path))
  }

  @Test func aMoveBeyondTheEndIsRefused() throws {
    let output = try target("file").openArchive()
    let positioned = try #require(output.positioned)
    try [UInt8](repeating: 1, count: 10).withBytes { bytes throws(Failure) in
      try positioned.write(bytes, at: 0)
    }
    let failure = #expect(throws: Failure.self) { try positioned.move(0..<11, by: 5) }
    #expect(failure == Failure(.inputOutput, folder.at("file"), "written data is truncated"))
    try positioned.move(0..<10, by: 5)
    try positioned.move(3..<3, by: 5)
    _ = try output.finish()
    #expect(try folder.read("file") == [UInt8](repeating: 1, count: 15))
  }

  /// Pieces overlap where the distance is less than a piece.
  @Test(arguments: [(2 << 20) + 7, 1 << 20, (1 << 20) + 1])
  func aMoveKeepsTheData(count: Int) throws {
    let data = deterministicBytes(count, seed: 3)
    let output = try target("file").openArchive()
    try data.withBytes { bytes throws(Failure) in try output.write(bytes) }
    try #require(output.positioned).move(5..<UInt64(count), by: 1024)
    _ = try output.finish()
    let moved = try folder.read("file")
    #expect(moved.count == count + 1024 && moved.dropFirst(5 + 1024) == data.dropFirst(5))
  }
}
