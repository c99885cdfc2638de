import Diagnostics
import Foundation
import POSIX
import StoreFixtures
import Testing

@testable import Outputs

/// A path that names a descriptor: the bytes go into that descriptor, and no file is created.
@Suite struct DescriptorTargetTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  /// Opens a file as a shell does for its children: without O_CLOEXEC.
  private func descriptor(_ name: String, _ flags: CInt) -> CInt {
    Foundation.open(folder.at(name), flags, 0o600)
  }

  private func write(_ text: String, to path: String) throws(Failure) {
    let output = try OutputTarget(path: Path(path)).openArchive()
    try Array(text.utf8).withBytes { bytes throws(Failure) in try output.write(bytes) }
    _ = try output.finish()
  }

  private static let folders = ["/dev/fd", "/proc/self/fd", "/proc/thread-self/fd", "/proc/\(getpid())/fd"]

  @Test(arguments: folders)
  func offsetAndFlagsHold(directory: String) throws {
    try folder.write("12345", to: "file")
    let number = descriptor("file", O_RDWR)
    defer { close(number) }
    lseek(number, 2, SEEK_SET)
    try write("ab", to: "\(directory)/\(number)")
    #expect(try folder.read("file") == Array("12ab5".utf8))
    #expect(lseek(number, 0, SEEK_CUR) == 4)
    let appending = descriptor("file", O_WRONLY | O_APPEND)
    defer { close(appending) }
    try write("cd", to: "\(directory)/\(appending)")
    #expect(try folder.read("file") == Array("12ab5cd".utf8))
    #expect(folder.entries() == ["file"])
  }

  @Test(arguments: folders)
  func aDeletedFileIsWritten(directory: String) throws {
    let number = descriptor("file", O_RDWR | O_CREAT)
    defer { close(number) }
    try folder.remove("file")
    try folder.symlink("link", to: "\(directory)/\(number)")
    try folder.symlink("other", to: "link")
    try write("bytes", to: folder.at("other"))
    var status = stat()
    #expect(fstat(number, &status) == 0 && status.st_size == 5)
    #expect(folder.entries() == ["link", "other"])
  }

  @Test func pipesAndSocketsAreWritten() throws {
    var pair: [CInt] = [0, 0]
    for make in [{ pipe(&pair) }, { socketpair(AF_UNIX, 1, 0, &pair) }] {
      #expect(make() == 0)
      try write("through", to: "/dev/fd/\(pair[1])")
      var buffer = [UInt8](repeating: 0, count: 100)
      let count = read(pair[0], &buffer, buffer.count)
      #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "through")
      for number in pair { close(number) }
    }
  }

  @Test func whatCannotBeWrittenIsRefused() throws {
    try folder.write("", to: "file")
    let reading = descriptor("file", O_RDONLY)
    let own = Foundation.open(folder.at("file"), O_RDWR | O_CLOEXEC)
    defer { for number in [reading, own] { close(number) } }
    for (number, reason) in [
      (reading, "is not open for writing"), (9999, "is not an open descriptor"),
      (own, "is not an open descriptor"),
    ] {
      let target = OutputTarget(path: Path("/dev/fd/\(number)"))
      let foreseen = #expect(throws: Failure.self) { try target.check(for: .archive) }
      let failure = #expect(throws: Failure.self) { _ = try target.openArchive() }
      #expect(failure == Failure(.cannotCreate, "/dev/fd/\(number)", reason))
      #expect(failure == foreseen)
      let other = #expect(throws: Failure.self) { try target.check(for: .directory(markers: [])) }
      #expect(other?.reason == "is not a directory")
    }
    #expect(try folder.read("file") == [])
  }

  @Test func theDescriptorOfAnotherProcessIsWritten() throws {
    try folder.write("", to: "file")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "exec 7</; exec 8>>'\(folder.at("file"))'; rm '\(folder.at("file"))'; echo; exec cat >&8",
    ]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    defer {
      try? input.fileHandleForWriting.close()
      process.waitUntilExit()
    }
    _ = output.fileHandleForReading.availableData
    let path = "/proc/\(process.processIdentifier)/fd/8"
    try write("bytes", to: path)
    #expect(try FileStatus.of(Path(path)).size == 5)
    // Not empty any more.
    let full = #expect(throws: Failure.self) { try write("more", to: path) }
    #expect(full == Failure(.cannotCreate, path, "exists and is not empty (--force replaces it)"))
    var target = OutputTarget(path: Path(path))
    target.force = true
    let replacing = try target.openArchive()
    try Array("new".utf8).withBytes { bytes throws(Failure) in try replacing.write(bytes) }
    _ = try replacing.finish()
    #expect(try FileStatus.of(Path(path)).size == 3)
    let missing = "/proc/\(process.processIdentifier)/fd/77"
    let unknown = #expect(throws: Failure.self) { try write("more", to: missing) }
    #expect(unknown == Failure(.cannotCreate, missing, "No such file or directory"))
    let directory = "/proc/\(process.processIdentifier)/fd/7"
    let refused = #expect(throws: Failure.self) { try write("more", to: directory) }
    #expect(refused == Failure(.cannotCreate, directory, "is a directory"))
    #expect(folder.entries() == [])
  }

  @Test func aSocketWithANameIsRefused() throws {
    let number = socket(AF_UNIX, 1, 0)
    defer { close(number) }
    // Short, because the address of a socket is.
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = "/tmp/img-\(UInt32.random(in: .min ... .max))"
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    defer { unlink(path) }
    let failure = #expect(throws: Failure.self) { try OutputTarget(path: Path(path)).check(for: .archive) }
    #expect(failure == Failure(.cannotCreate, path, "is a socket"))
  }
}
