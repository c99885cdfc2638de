import Diagnostics
import Glibc
import POSIX
import StoreFixtures
import Testing

@Suite struct FileSystemTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func path(_ name: String) -> Path { Path(folder.at(name)) }

  @Test func kindsAreToldApart() throws {
    try folder.write("abc", to: "file")
    try folder.makeDirectory("directory")
    try folder.makeFIFO("fifo")
    try folder.symlink("link", to: "file")
    try folder.symlink("dangling", to: "nowhere")
    #expect(try FileStatus.of(path("file")).kind == .regular)
    #expect(try FileStatus.of(path("file")).size == 3)
    #expect(try FileStatus.of(path("directory")).kind == .directory)
    #expect(try FileStatus.of(path("fifo")).kind == .special)
    #expect(try FileStatus.of(Path("/dev/null")).kind == .special)
    #expect(try FileStatus.of(path("link")).kind == .regular)
    #expect(try FileStatus.ofLink(path("link")).kind == .symbolicLink)
    #expect(path("dangling").exists && !path("nowhere").exists)
    #expect(throws: SystemError.self) { try FileStatus.of(path("dangling")) }
  }

  @Test func entriesAreSortedByBytes() throws {
    for name in ["b", "B", ".hidden", "e\u{301}", "\u{e9}"] { try folder.write("", to: name) }
    let names = try Path(folder.path).directoryEntries()
    #expect(names == [".hidden", "B", "b", "e\u{301}", "\u{e9}"])
    #expect(throws: SystemError.self) { try path("b").directoryEntries() }
  }

  @Test func anUnnamedFileGetsItsFirstName() throws {
    func link(_ name: String) throws(SystemError) -> Bool {
      let file = try FileDescriptor.open(Path(folder.path), O_WRONLY | unnamedFileFlag, mode: 0o600)
      let wasEmpty = folder.entries().isEmpty
      try file.link(as: path(name))
      return wasEmpty
    }
    #expect(try link("file"))
    #expect(folder.entries() == ["file"])
    let error = #expect(throws: SystemError.self) { try link("file") }
    #expect(error?.code == EEXIST)
  }

  @Test func errorsNameThePathAndTheReason() throws {
    let error = #expect(throws: SystemError.self) { try path("gone").unlink() }
    #expect(error?.call == "unlink")
    #expect(error?.description == folder.at("gone") + ": No such file or directory")
    #expect(error?.failure.kind == .inputOutput)
  }

  @Test func aWriteToAFullDeviceFails() throws {
    let error = #expect(throws: SystemError.self) {
      let file = try FileDescriptor.open("/dev/full", O_WRONLY)
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 10, alignment: 1)
      defer { buffer.deallocate() }
      try file.write(UnsafeRawBufferPointer(buffer), "full")
    }
    #expect(error?.code == ENOSPC)
  }
}
