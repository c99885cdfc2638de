import Glibc
import POSIX
import StoreFixtures
import Testing

@Suite struct OpenInRootTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    try folder.write("inside", to: "root/usr/lib/file")
    try folder.write("top", to: "root/top")
    try folder.write("outside", to: "outside")
    try folder.symlink("root/relative", to: "usr/lib")
    try folder.symlink("root/absolute", to: "/usr/lib")
    try folder.symlink("root/usr/up", to: "../../../top")
    try folder.symlink("root/escape", to: "../outside")
    try folder.symlink("root/host", to: folder.at("outside"))
    try folder.symlink("root/loop", to: "loop")
    try folder.symlink("root/process", to: "/proc/self/root")
  }

  private func read(_ name: String) throws(SystemError) -> String {
    let root = try FileDescriptor.open(Path(folder.at("root")), O_RDONLY | O_DIRECTORY)
    let file = try root.open(inRoot: name)
    return String(decoding: try file.readToEnd(limit: 100, name) ?? [], as: UTF8.self)
  }

  @Test(
    arguments: [
      ("usr/lib/file", "inside"), ("relative/file", "inside"), ("absolute/file", "inside"),
      ("usr/../relative/./file", "inside"), ("/usr//lib/file", "inside"), ("../../../top", "top"),
      ("usr/up", "top"), ("relative/../../top", "top"),
    ])
  func linksAndDotsAreResolvedInside(name: String, content: String) throws {
    #expect(try read(name) == content)
  }

  @Test(arguments: [
    "escape", "../outside", "host", "usr/lib/../../../outside", "missing", "top/below", "process",
  ])
  func nothingLeadsOutside(name: String) {
    let error = #expect(throws: SystemError.self) { try read(name) }
    #expect(error?.isNotFound == true)
  }

  @Test func aLoopIsAnError() {
    let error = #expect(throws: SystemError.self) { try read("loop") }
    #expect(error?.code == ELOOP)
    #expect(error?.subject == "loop")
  }

  @Test(.timeLimit(.minutes(5)))
  func aFIFODoesNotBlock() throws {
    try folder.makeFIFO("root/fifo")
    #expect(try read("fifo") == "")
  }
}
