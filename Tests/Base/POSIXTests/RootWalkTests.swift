import Glibc
import POSIX
import StoreFixtures
import Testing

@testable import POSIX

/// The walk for kernels and seccomp filters without openat2 opens the same files as the kernel.
@Suite struct RootWalkTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    try folder.write("inside", to: "root/usr/lib/file")
    try folder.write("top", to: "root/top")
    try folder.write("outside", to: "outside")
    try folder.symlink("root/relative", to: "usr/lib")
    try folder.symlink("root/absolute", to: "/usr/lib")
    try folder.symlink("root/slashed", to: "/usr/lib/")
    try folder.symlink("root/top-slash", to: "top/")
    try folder.symlink("root/dot", to: "top/.")
    try folder.symlink("root/usr/up", to: "../../../top")
    try folder.symlink("root/usr/lib/self", to: ".")
    try folder.symlink("root/slash", to: "/")
    try folder.symlink("root/escape", to: "../outside")
    try folder.symlink("root/host", to: folder.at("outside"))
    try folder.symlink("root/loop", to: "loop")
    try folder.symlink("root/one", to: "two")
    try folder.symlink("root/two", to: "one/x")
    try folder.symlink("root/dangling", to: "/nowhere")
    try folder.symlink("root/chain0", to: "top")
    for number in 1...41 { try folder.symlink("root/chain\(number)", to: "chain\(number - 1)") }
  }

  private enum Way {
    case kernel
    case walk
  }

  /// The result of opening: the content, the kind of a file without one, or the error number.
  private func outcome(_ name: String, by way: Way) throws -> String {
    let root = try FileDescriptor.open(Path(folder.at("root")), pathOnlyFlag | O_DIRECTORY)
    do {
      let file = way == .kernel ? try root.open(inRoot: name) : try root.openByWalk(name)
      let status = try file.status(name)
      if status.kind == .regular {
        return String(decoding: try file.readToEnd(limit: 100, name) ?? [], as: UTF8.self)
      }
      return "\(status.kind) \(status.inode)"
    } catch {
      return "error \(error.code)"
    }
  }

  private static let names = [
    "usr/lib/file", "relative/file", "absolute/file", "slashed/file", "usr/../relative/./file",
    "/usr//lib/file",
    "../../../top", "usr/up", "relative/../../top", "usr/lib/self/self/file", "slash/usr/lib/file", "chain39",
    // The longest path: 4095 bytes.
    String(repeating: "./", count: 2046) + "top",
  ]
  private static let directories = [".", "/", "..", "usr", "usr/", "usr/.", "usr/lib/..", "slash", "slashed"]
  private static let refused = [
    "", "escape", "../outside", "host", "usr/lib/../../../outside", "missing", "missing/file", "top/below",
    "top/", "top/.", "top/..", "top-slash", "dot", "loop", "loop/x", "one", "dangling", "dangling/x", "chain40",
    "chain41", "/" + String(repeating: "./", count: 2046) + "top", String(repeating: "x", count: 300),
    String(repeating: "x/", count: 3000),
  ]

  @Test(arguments: names)
  func filesAreTheSame(name: String) throws {
    let wanted = try outcome(name, by: .kernel)
    #expect(wanted == "inside" || wanted == "top")
    #expect(try outcome(name, by: .walk) == wanted)
  }

  @Test(arguments: directories)
  func directoriesAreTheSame(name: String) throws {
    let wanted = try outcome(name, by: .kernel)
    #expect(wanted.hasPrefix("directory"))
    #expect(try outcome(name, by: .walk) == wanted)
  }

  @Test(arguments: refused)
  func errorsAreTheSame(name: String) throws {
    let wanted = try outcome(name, by: .kernel)
    #expect(wanted.hasPrefix("error"))
    #expect(try outcome(name, by: .walk) == wanted)
  }

  @Test(.timeLimit(.minutes(5)))
  func aFIFODoesNotBlock() throws {
    try folder.makeFIFO("root/fifo")
    #expect(try outcome("fifo", by: .walk).hasPrefix("special"))
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"), arguments: ["closed/f", "secret"])
  func whatMayNotBeReadIsTheSame(name: String) throws {
    try folder.write("x", to: "root/closed/f")
    try folder.write("x", to: "root/secret")
    for path in ["root/closed", "root/secret"] { #expect(chmod(folder.at(path), 0) == 0) }
    defer { _ = chmod(folder.at("root/closed"), 0o755) }
    #expect(try outcome(name, by: .kernel) == "error \(EACCES)")
    #expect(try outcome(name, by: .walk) == "error \(EACCES)")
  }

  /// Filters of system calls refuse openat2(2), and old kernels lack it; other errors are those of the file.
  @Test(arguments: [(ENOSYS, "inside"), (EPERM, "inside"), (EINVAL, "error 22"), (EAGAIN, "error 11")])
  func aRefusedCallIsReplacedByTheWalk(code: CInt, expected: String) throws {
    let result = Lock("")
    let folder = folder.at("root")
    let threads = ThreadGroup()
    threads.start {
      guard Filter.refuse(call: 437, with: code),
        let root = try? FileDescriptor.open(Path(folder), pathOnlyFlag | O_DIRECTORY)
      else { return }
      let text: String
      do throws(SystemError) {
        let file = try root.open(inRoot: "usr/lib/file")
        text = String(decoding: try file.readToEnd(limit: 100, "file") ?? [], as: UTF8.self)
      } catch {
        text = "error \(error.code)"
      }
      result.withLock { $0 = text }
    }
    threads.wait()
    #expect(result.withLock(\.self) == expected)
  }

  /// Each `..` restarts at the root; a hostile path with many of them ends.
  @Test(.timeLimit(.minutes(5)))
  func aWayOfManyStepsBackEnds() throws {
    try folder.symlink("root/back0", to: String(repeating: "usr/../", count: 580) + "usr")
    for number in 1...30 {
      try folder.symlink(
        "root/back\(number)", to: String(repeating: "usr/lib/../../", count: 250) + "back\(number - 1)")
    }
    #expect(try outcome("back0/lib/file", by: .walk) == "inside")
    let ending = try outcome("back30/lib/file", by: .walk)
    #expect(ending == "inside" || ending == "error \(ELOOP)")
  }
}
