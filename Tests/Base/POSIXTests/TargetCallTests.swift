import Foundation
import StoreFixtures
import Testing

@testable import POSIX

/// Mount points, locks of directories, descriptors as paths, and what a clean-up does with files that exist.
@Suite struct TargetCallTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  @Test func mountPointsAreFound() {
    #expect(Path("/").isMountPoint && Path("/proc").isMountPoint)
    #expect(!Path(folder.path).isMountPoint)
    #expect(!Path(folder.at("missing")).isMountPoint)
    #expect(Path("/").hasMountPointsBelow && !Path(folder.path).hasMountPointsBelow)
    #expect(!Path(folder.at("missing")).hasMountPointsBelow)
    let table =
      "22 1 0:5 / / rw - ext4 /dev/x rw\n23 22 0:6 /a /mnt/with\\040space\\134 rw shared:1 - tmpfs tmpfs rw\nbad\n"
    #expect(mountPoints(in: Array(table.utf8)) == ["/", "/mnt/with space\\"])
    #expect(
      mountPoints(in: Array("1 2 0:1 / /a\\0409\\04\n1 2 0:1 / /b\\\n1 2 0:1 /".utf8)) == ["/a 9\\04", "/b\\"])
  }

  @Test(
    arguments: [
      ("/a", ["/a"], false), ("/a", ["/", "/ab", "/ab/c"], false), ("/a", ["/a/b"], true),
      ("/a", ["/a/b/c"], true),
      ("/", ["/"], false), ("/", ["/", "/a"], true), ("/a", [], false),
    ] as [(Path, [Path], Bool)])
  func mountPointsBelowAPath(path: Path, points: [Path], expected: Bool) {
    #expect(hasMountPoint(below: path, among: Set(points)) == expected)
  }

  @Test func descriptorsOfOthersAreOpenForWriting() throws {
    func problem(_ flags: CInt, inherits: Bool = true) throws -> String? {
      let file = try FileDescriptor.open(Path(folder.path), flags, mode: 0o600)
      if inherits { #expect(fcntl(file.number, F_SETFD, 0) == 0) }
      return InheritedDescriptor.problem(with: file.number)
    }
    #expect(try problem(O_WRONLY | unnamedFileFlag) == nil)
    #expect(try problem(O_RDWR | unnamedFileFlag) == nil)
    #expect(try problem(O_RDWR | unnamedFileFlag, inherits: false) == "is not an open descriptor")
    #expect(try problem(O_RDONLY) == "is not open for writing")
    #expect(try problem(pathOnlyFlag) == "is not open for writing")
    #expect(try problem(pathOnlyFlag | O_WRONLY) == "is not open for writing")
    #expect(InheritedDescriptor.problem(with: 1 << 20) == "is not an open descriptor")
    #expect(InheritedDescriptor.problem(with: -1) == "is not an open descriptor")
  }

  @Test func typesOfFileSystems() throws {
    #expect(try FileSystemType.of("/proc").isProc)
    #expect(try !FileSystemType.of(Path(folder.path)).isProc)
    #expect(throws: SystemError.self) { try FileSystemType.of(Path(folder.at("missing"))) }
  }

  @Test func oneHoldsTheLock() throws {
    let path = Path(folder.path)
    let lock = try #require(try DirectoryLock.take(path, seconds: 0))
    #expect(throws: SystemError.self) { try DirectoryLock.take(path, seconds: 0) }
    lock.release()
    #expect(folder.entries() == [])
    #expect(try DirectoryLock.take(Path(folder.at("missing")), seconds: 0) == nil)
  }

  @Test func theLockEndsWithItsObject() throws {
    let path = Path(folder.path)
    do { try DirectoryLock.take(path, seconds: 0)?.release() }
    #expect(try DirectoryLock.take(path, seconds: 0) != nil)
  }

  @Test func pathsThatNameDescriptors() throws {
    try folder.symlink("link", to: "/dev/fd/7")
    try folder.symlink("loop", to: "loop")
    #expect(DescriptorPath(Path(folder.at("link"))) == .own(7))
    for path: Path in ["/dev/fd/7", "/proc/self/fd/7", "/proc/thread-self/fd/7", "/dev/../proc/self/fd/7"] {
      #expect(DescriptorPath(path) == .own(7))
    }
    #expect(DescriptorPath("/proc/1/fd/7") == .other("/proc/1/fd/7"))
    for path in ["7", "/dev/fd", "/dev/fd/x", "/proc/self/7", folder.at("loop"), folder.at("fd/7"), "", "/"] {
      #expect(DescriptorPath(Path(path)) == nil)
    }
  }

  @Test func aFileThatOthersReplacedStays() throws {
    try folder.write("own", to: "a")
    try folder.write("own", to: "b")
    let (a, b) = (Path(folder.at("a")), Path(folder.at("b")))
    let (ofA, ofB) = (try FileStatus.of(a), try FileStatus.of(b))
    try folder.write("theirs", to: "new")
    try Path(folder.at("new")).rename(to: b)
    try CleanupRegistry.change { registry throws(SystemError) in
      registry.add(a, .ownFile(ofA))
      registry.add(b, .ownFile(ofB))
      for path in [a, b] { registry.remove(path) }
    }
    #expect(folder.entries() == ["b"])
  }

  @Test func aFileThatExistedIsEmptied() throws {
    try folder.write("part", to: "file")
    let path = Path(folder.at("file"))
    let file = try FileDescriptor.open(path, O_RDWR)
    let shared = file.shared
    try CleanupRegistry.change { registry throws(SystemError) in
      registry.add(path, .contents(shared))
      registry.remove(path)
    }
    #expect(try folder.read("file") == [])
    #expect(folder.entries() == ["file"])
  }
}
