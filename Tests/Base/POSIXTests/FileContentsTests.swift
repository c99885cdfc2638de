import Diagnostics
import Foundation
import Glibc
import POSIX
import StoreFixtures
import Testing

@Suite struct FileContentsTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func contents(_ name: String, limit: Int = 10) throws(FileReadError) -> [UInt8] {
    try Path(folder.at(name)).contents(limit: limit)
  }

  @Test(arguments: [0, 1, 9, 10])
  func upToTheLimitAFileIsRead(size: Int) throws {
    let bytes = deterministicBytes(size, seed: 1)
    try folder.write(bytes, to: "file")
    #expect(try contents("file") == bytes)
  }

  @Test func aLongerFileIsRefused() throws {
    try folder.write(deterministicBytes(11, seed: 1), to: "file")
    let error = #expect(throws: FileReadError.self) { try contents("file") }
    #expect(error?.failure.kind == .badData)
    #expect(error?.failure.reason == "longer than 10 bytes")
  }

  @Test func aMissingFileIsToldApart() throws {
    try folder.write("x", to: "file")
    for name in ["missing", "missing/file", "file/below"] {
      let error = #expect(throws: FileReadError.self) { try contents(name) }
      #expect(error?.isNotFound == true)
      #expect(error?.failure.kind == .inputOutput)
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func whatIsNoRegularFileIsRefusedWithoutWaiting() throws {
    try folder.makeFIFO("fifo")
    try folder.makeDirectory("directory")
    try folder.symlink("link", to: "fifo")
    for name in ["fifo", "directory", "link"] {
      let error = #expect(throws: FileReadError.self) { try contents(name) }
      #expect(error?.isNotFound == false)
      #expect(error?.failure.kind == .badData)
    }
    #expect(throws: FileReadError.self) { try Path("/dev/zero").contents(limit: 10) }
  }

  @Test(.timeLimit(.minutes(5)))
  func aFileThatIsNamedMayBeOfAnyKind() async throws {
    func contents(_ path: String, limit: Int = 10) throws(FileReadError) -> [UInt8] {
      try Path(path).contentsOfAnyKind(limit: limit)
    }
    try folder.write("0123456789", to: "file")
    #expect(try contents(folder.at("file")) == Array("0123456789".utf8))
    #expect(try contents("/dev/null") == [])
    // Its status says that it is empty.
    #expect(try !contents("/proc/self/status", limit: 1 << 20).isEmpty)
    for (path, limit) in [(folder.at("file"), 9), ("/dev/zero", 1 << 20)] {
      let error = #expect(throws: FileReadError.self) { try contents(path, limit: limit) }
      #expect(error?.failure.reason == "longer than \(limit) bytes")
    }
    let directory = #expect(throws: FileReadError.self) { try contents(folder.at(".")) }
    #expect(directory?.failure.reason == "not a regular file")
    #expect(#expect(throws: FileReadError.self) { try contents(folder.at("none")) }?.isNotFound == true)
  }

  @Test(.timeLimit(.minutes(5)), arguments: [10, 70_000])
  func aNamedFIFOIsReadToItsEnd(size: Int) async throws {
    try folder.makeFIFO("fifo")
    let path = folder.at("fifo")
    let bytes = deterministicBytes(size, seed: 3)
    let writer = Thread {
      guard let file = try? FileDescriptor.open(Path(path), O_WRONLY) else { return }
      for half in [bytes[..<(size / 2)], bytes[(size / 2)...]] {
        half.withUnsafeBytes { half in try? file.write(half, "fifo") }
        usleep(10_000)
      }
    }
    writer.start()
    #expect(try Path(path).contentsOfAnyKind(limit: size) == bytes)
  }

  @Test func symbolicLinksAreFollowed() throws {
    try folder.write("abc", to: "file")
    try folder.symlink("link", to: "file")
    #expect(try contents("link") == Array("abc".utf8))
  }

  @Test(arguments: [0, 1, 65_536, 70_000])
  func aStreamIsReadToItsEndUpToALimit(size: Int) throws {
    try folder.write(deterministicBytes(size, seed: 2), to: "file")
    func readAll(limit: Int) throws -> [UInt8]? {
      let file = try FileDescriptor.open(Path(folder.at("file")), O_RDONLY)
      return try file.readToEnd(limit: limit, "file")
    }
    #expect(try readAll(limit: size) == deterministicBytes(size, seed: 2))
    if size > 0 { #expect(try readAll(limit: size - 1) == nil) }
  }
}
