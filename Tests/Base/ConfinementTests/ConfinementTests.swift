import CLinux
import Glibc
import POSIX
import StoreFixtures
import Testing

@testable import Confinement

/// Confinement binds a thread and those that it starts, so each case has a thread of its own.
@Suite struct ConfinementTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    try folder.write("1", to: "open/file")
    try folder.write("2", to: "closed/file")
  }

  private static let hasLandlock = img_landlock_version() >= 2

  private func path(_ name: String) -> Path { Path(folder.at(name)) }

  /// The error of a call on a confined thread; 0 for success.
  private func outcome(of confinement: Confinement, _ body: @escaping @Sendable () throws(SystemError) -> Void)
    -> CInt
  {
    let code = Lock<CInt>(0)
    let threads = ThreadGroup()
    threads.start {
      do throws(SystemError) {
        try confinement.enter()
        try body()
      } catch { code.withLock { $0 = error.code } }
    }
    threads.wait()
    return code.withLock(\.self)
  }

  private func opens(_ name: String, _ flags: CInt, _ confinement: Confinement) -> CInt {
    let path = path(name)
    return outcome(of: confinement) { () throws(SystemError) in
      _ = try FileDescriptor.open(path, flags, mode: 0o600)
    }
  }

  @Test(.enabled(if: hasLandlock, "this kernel has no Landlock 2")) func readsComeFromTheirPlaces() {
    let confinement = Confinement(reads: [path("open")])
    #expect(opens("open/file", O_RDONLY, confinement) == 0)
    #expect(opens("closed/file", O_RDONLY, confinement) == EACCES)
    #expect(opens("closed", O_RDONLY | O_DIRECTORY, confinement) == EACCES)
    #expect(opens("closed/file", O_WRONLY, confinement) == 0, "writing is not confined")
    #expect(opens("closed/file", O_RDONLY, Confinement(reads: [path("closed/file")])) == 0, "a single file")
  }

  @Test(.enabled(if: hasLandlock, "this kernel has no Landlock 2")) func writesGoToTheirPlaces() {
    let confinement = Confinement(writes: [path("open"), path("missing")])
    #expect(opens("open/new", O_WRONLY | O_CREAT, confinement) == 0)
    #expect(opens("closed/new", O_WRONLY | O_CREAT, confinement) == EACCES)
    #expect(opens("closed/file", O_RDWR, confinement) == EACCES)
    #expect(opens("closed/file", O_RDONLY, confinement) == 0, "reading is not confined")
    let (open, closed) = (path("open/file"), path("closed/file"))
    #expect(outcome(of: confinement) { () throws(SystemError) in try closed.unlink() } == EACCES)
    #expect(
      outcome(of: confinement) { () throws(SystemError) in try closed.rename(to: open) } == EACCES,
      "out of a place")
    #expect(outcome(of: confinement) { () throws(SystemError) in try open.unlink() } == 0)
  }

  @Test(.enabled(if: hasLandlock, "this kernel has no Landlock 2")) func aSecondConfinementOnlyAdds() {
    let (first, path) = (Confinement(reads: [path("open")]), path("closed/file"))
    let code = outcome(of: Confinement(reads: [self.path("closed")])) { () throws(SystemError) in
      try first.enter()
      _ = try FileDescriptor.open(path, O_RDONLY)
    }
    #expect(code == EACCES)
  }

  @Test func renamesBetweenDirectoriesAreNoReading() throws {
    try folder.write("3", to: "other/file")
    let (from, to) = (path("other/file"), path("open/renamed"))
    let code = outcome(of: Confinement(reads: [path("open"), path("other")])) { () throws(SystemError) in
      try from.rename(to: to)
    }
    #expect(code == 0)
  }

  /// podman does so with the folder of its storage driver.
  @Test(.enabled(if: hasLandlock && geteuid() == 0, "needs root and Landlock 2"), arguments: [false, true])
  func aFolderThatWasUnmountedIsReachedByItsOwnRule(hasRule: Bool) throws {
    typealias Mount = @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>, Int, UInt, Int) -> CInt
    let mount = unsafeBitCast(try #require(dlsym(nil, "mount")), to: Mount.self)
    let detach = unsafeBitCast(
      try #require(dlsym(nil, "umount2")), to: (@convention(c) (UnsafePointer<CChar>, CInt) -> CInt).self)
    let unshare = unsafeBitCast(try #require(dlsym(nil, "unshare")), to: (@convention(c) (CInt) -> CInt).self)
    let (root, home) = (path(""), path("open"))
    let result = Lock<CInt>(-1)
    let threads = ThreadGroup()
    threads.start {
      // CLONE_NEWNS; MS_REC | MS_PRIVATE; MS_BIND; MNT_DETACH.
      guard unshare(0x20000) == 0, mount("none", "/", 0, 0x44000, 0) == 0,
        mount(home.description, home.description, 0, 0x1000, 0) == 0,
        let folder = try? FileDescriptor.open(home, O_RDONLY | O_DIRECTORY), detach(home.description, 2) == 0
      else { return }
      do throws(SystemError) {
        try Confinement(reads: hasRule ? [root, home] : [root]).enter()
        _ = try folder.open(at: "file", O_RDONLY)
        result.withLock { $0 = 0 }
      } catch {
        result.withLock { $0 = error.code }
      }
    }
    threads.wait()
    #expect(result.withLock(\.self) == (hasRule ? 0 : EACCES))
  }

  @Test func whatIsOpenStaysUsable() throws {
    let file = try FileDescriptor.open(path("closed/file"), O_RDONLY)
    let number = file.number
    let code = outcome(of: Confinement(writes: [], reads: [])) { () throws(SystemError) in
      var byte: UInt8 = 0
      if read(number, &byte, 1) != 1 { throw SystemError("read", "file") }
    }
    #expect(code == 0)
  }

  /// The names of the calls, with their numbers on x86-64 and on ARM.
  @Test(arguments: [
    ("socket", 41, 198), ("execve", 59, 221), ("ptrace", 101, 117), ("mount", 165, 40), ("unshare", 272, 97),
    ("bpf", 321, 280), ("kexec_load", 246, 104), ("io_uring_setup", 425, 425), ("setdomainname", 171, 162),
  ])
  func systemCallsOutsideAreDenied(name: String, number: Int, numberOnARM: Int) throws {
    let function = try #require(dlsym(nil, "syscall"))
    let call = unsafeBitCast(function, to: (@convention(c) (Int, Int, Int, Int, Int, Int, Int) -> Int).self)
    #if arch(x86_64)
      let number = number
    #else
      let number = numberOnARM
    #endif
    let code = outcome(of: Confinement()) { () throws(SystemError) in
      if call(number, -1, 0, 0, 0, 0, 0) == -1 { throw SystemError("syscall", name) }
    }
    #expect(code == EPERM)
  }

  /// Each version of the interface with what it handles.
  @Test(arguments: [
    (2, 0x3FFF, 0, 0), (3, 0x7FFF, 0, 0), (4, 0x7FFF, 3, 0), (5, 0x7FFF, 3, 0), (6, 0x7FFF, 3, 3),
    (9, 0x7FFF, 3, 3),
  ])
  func rulesHandleWhatTheKernelKnows(version: Int, files: UInt64, network: UInt64, scopes: UInt64) throws {
    let both = try #require(Landlock.Handled(version: version, confinesWrites: true, confinesReads: true))
    #expect(both.files.rawValue == files)
    #expect(both.network == network && both.scopes == scopes)
    let writes = try #require(Landlock.Handled(version: version, confinesWrites: true, confinesReads: false))
    #expect(writes.files == both.files.subtracting([.readFile, .readDirectory]))
    let reads = try #require(Landlock.Handled(version: version, confinesWrites: false, confinesReads: true))
    #expect(reads.files == [.execute, .readFile, .readDirectory, .refer])
    let neither = try #require(Landlock.Handled(version: version, confinesWrites: false, confinesReads: false))
    #expect(neither.files == [.execute, .refer])
  }

  @Test(arguments: [-1, 0, 1]) func olderInterfacesAreNotUsed(version: Int) {
    #expect(Landlock.Handled(version: version, confinesWrites: true, confinesReads: true) == nil)
  }

  /// What the kernel or a place lacks is left out; what may pass is an error, for it would be missed later.
  @Test(arguments: [
    (ENOENT, true), (EACCES, true), (ENOSYS, true), (EINVAL, true), (EPERM, true), (ENOMSG, true),
    (E2BIG, true),
    (ENOMEM, false), (EMFILE, false), (ENFILE, false), (ENOSPC, false), (EIO, false),
  ]) func onlyWhatTheKernelLacksIsLeftOut(code: CInt, isLeftOut: Bool) throws {
    let error = SystemError("open", "place", code: code)
    let step = { () throws(SystemError) in throw error }
    if isLeftOut {
      #expect(try !isOffered(step))
    } else {
      #expect(throws: error) { try isOffered(step) }
    }
    #expect(try isOffered {})
  }

  @Test func theMechanismsAreNamed() {
    let names = Lock<[String]>([])
    let threads = ThreadGroup()
    threads.start { names.withLock { $0 = (try? Confinement().enter().map(\.description)) ?? [] } }
    threads.wait()
    let expected = ConfinementTests.hasLandlock ? "Landlock \(img_landlock_version())" : "a system call filter"
    #expect(names.withLock(\.self).contains("no new privileges"))
    #expect(names.withLock(\.self).contains(expected))
  }
}
