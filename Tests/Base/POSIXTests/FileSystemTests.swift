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

  @Test func socketsAndStickyFoldersAreKnown() throws {
    let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let listener = FileDescriptor(owning: number)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(folder.at("s").utf8)
    #expect(name.count < MemoryLayout.size(ofValue: address.sun_path))
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let bound = withUnsafeBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) {
        bind(listener.number, $0.baseAddress, socklen_t(bytes.count))
      }
    }
    #expect(bound == 0)
    try folder.write("", to: "file")
    try folder.makeDirectory("sticky")
    #expect(chmod(folder.at("sticky"), 0o1777) == 0)
    #expect(try FileStatus.of(path("s")).isSocket && FileStatus.of(path("s")).kind == .special)
    #expect(try !FileStatus.of(path("file")).isSocket && !FileStatus.of(Path(folder.path)).isSocket)
    #expect(try FileStatus.of(path("sticky")).isSticky && !FileStatus.of(Path(folder.path)).isSticky)
  }

  @Test func onlyATerminalIsOne() throws {
    let terminal = try FileDescriptor.open("/dev/ptmx", O_RDWR | O_NOCTTY)
    let isTerminal = terminal.isTerminal
    #expect(isTerminal)
    let other = try FileDescriptor.open("/dev/null", O_RDWR)
    let isOther = other.isTerminal
    #expect(!isOther)
  }

  @Test func freeSpaceIsKnownWhereThereIsSpace() throws {
    let space = try #require(try Path(folder.path).freeSpace())
    #expect(space > 0)
    #expect(try Path("/proc").freeSpace() == nil)
    #expect(throws: SystemError.self) { try path("missing").freeSpace() }
  }

  @Test func theEnvironmentIsThatOfGetenv() throws {
    let all = Environment.all
    #expect(!all.isEmpty)
    for (name, value) in all { #expect(Environment.value(name) == value) }
    #expect(Environment.value("NO_SUCH_VARIABLE_AT_ALL") == nil && all["NO_SUCH_VARIABLE_AT_ALL"] == nil)
  }

  @Test func treesAreRemovedWithEverythingInThem() throws {
    try folder.write("x", to: "tree/a/b/c")
    try folder.write("x", to: "outside")
    try folder.makeDirectory("tree/empty")
    try folder.symlink("tree/link", to: folder.at("outside"))
    try folder.symlink("link", to: "tree")
    try path("link").removeTree()
    #expect(folder.entries() == ["outside", "tree"])
    try path("tree").removeTree()
    #expect(folder.entries() == ["outside"])
    #expect(throws: SystemError.self) { try path("tree").removeTree() }
  }

  @Test func aRenameReplacesOrRefusesOrExchanges() throws {
    func contents() throws -> [String] {
      try ["a", "b"].map { String(decoding: try folder.read($0), as: UTF8.self) }
    }
    try folder.write("1", to: "a")
    try folder.write("2", to: "b")
    let error = #expect(throws: SystemError.self) { try path("a").renameExclusively(to: path("b")) }
    #expect(error?.alreadyExists == true)
    #expect(error?.subject == folder.at("b"))
    #expect(#expect(throws: SystemError.self) { try path("a").link(to: path("b")) }?.alreadyExists == true)
    #expect(try contents() == ["1", "2"])
    try path("a").exchange(with: path("b"))
    #expect(try contents() == ["2", "1"])
    try path("a").renameExclusively(to: path("c"))
    try path("c").rename(to: path("b"))
    #expect(folder.entries() == ["b"])
    #expect(try folder.read("b") == Array("2".utf8))
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

  @Test func spaceIsReserved() throws {
    let file = try FileDescriptor.open(path("file"), O_RDWR | O_CREAT, mode: 0o600)
    let shared = file.shared
    try shared.reserve(0..<0, "file")
    #expect(try file.status("file").size == 0)
    try shared.reserve(1000..<5000, "file")
    #expect(try file.status("file").size == 5000)
    // No file system has that much; what no file can have is not asked for.
    #expect(throws: SystemError.self) { try shared.reserve(0..<UInt64(Int64.max), "file") }
    try shared.reserve(0..<UInt64(Int64.max) + 1, "file")
    #expect(try file.status("file").size == 5000)
  }

  /// Files of /proc have no cache that could be read without waiting.
  @Test(arguments: [10, 1 << 16])
  func whatHasNoCacheIsReadAndNotWaitedFor(size: Int) throws {
    let file = try FileDescriptor.open("/proc/version", O_RDONLY)
    var waited = false
    var bytes = [UInt8](repeating: 0, count: size)
    let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 6, waited: &waited, "version") }
    #expect(count > 0)
    let content = try Path("/proc/version").contentsOfAnyKind(limit: 1 << 16)
    #expect(Array(bytes[..<count]) == Array(content.dropFirst(6).prefix(size)))
    #expect(!waited)
  }

  @Test func aFileIsReadFromAnyOffsetToItsEnd() throws {
    let content = deterministicBytes(5000, seed: 1)
    try folder.write(content, to: "file")
    let file = try FileDescriptor.open(path("file"), O_RDONLY)
    for (offset, size) in [
      (0, 5000), (0, 4999), (0, 6000), (4999, 1), (4999, 2), (5000, 1), (9000, 1), (10, 0),
    ] {
      var bytes = [UInt8](repeating: 0, count: size)
      var waited = false
      let count = try bytes.withUnsafeMutableBytes {
        try file.read(into: $0, at: UInt64(offset), waited: &waited, "file")
      }
      #expect(Array(bytes[..<count]) == Array(content.dropFirst(offset).prefix(size)))
      let again = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: UInt64(offset), "file") }
      #expect(again == count)
      #expect(
        try bytes.withUnsafeMutableBytes { try file.shared.read(into: $0, at: UInt64(offset), "file") } == count
      )
    }
  }

  @Test func aTemporaryFileHasNoName() throws {
    let file = try FileDescriptor.temporary(in: Path(folder.path))
    #expect(try file.status("file").mode == 0o600)
    #expect(folder.entries() == [])
    let missing = #expect(throws: SystemError.self) { _ = try FileDescriptor.temporary(in: path("missing")) }
    #expect(missing == SystemError.notFound(folder.at("missing")))
    // /proc knows no files without a name: one with a name is tried there.
    let refused = #expect(throws: SystemError.self) { _ = try FileDescriptor.temporary(in: "/proc") }
    #expect(refused?.subject.hasPrefix("/proc/.img-") == true)
  }
}
