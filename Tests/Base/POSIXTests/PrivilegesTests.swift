import Glibc
import POSIX
import StoreFixtures
import Testing

@testable import POSIX

/// Rights beyond the modes of files.
@Suite struct PrivilegesTests {
  private static let all = "         0          0 4294967295\n"
  private static let some = "         0     100000      65536\n"

  /// DAC_OVERRIDE is bit 1, DAC_READ_SEARCH bit 2; in a user namespace of its own, root is a user like others.
  @Test(
    arguments: [
      ("CapEff:\t000001ffffffffff", all, true), ("CapEff:\t0000000000000002", all, true),
      ("CapEff:\t0000000000000004", all, true), ("CapEff:\t0000000000000009", all, false),
      ("CapEff:\t0000000000000000", all, false), ("CapPrm:\t000001ffffffffff", all, false),
      ("CapEff:\tno number", all, false), ("CapEff:\t000001ffffffffff", some, false),
      ("CapEff:\t0000000000000000", some, false), ("CapEff:\t000001ffffffffff", "", false),
    ])
  func capabilitiesCountInTheFirstNamespace(line: String, map: String, expected: Bool) {
    let status = "Name:\ttest\nCapInh:\t0000000000000006\n\(line)\nCapBnd:\t000001ffffffffff\n"
    #expect(Privileges.readsEveryFile(status: status, userMap: map) == expected)
  }

  /// Checks as a thread of user 1001 and the groups 1001 and 1002.
  @Test(.enabled(if: geteuid() == 0, "needs root"))
  func filesAndFoldersOfOthersAreProtected() throws {
    let folder = try TemporaryDirectory()
    func made(_ name: String, _ user: uid_t, _ group: gid_t, mode: mode_t = 0o755) throws -> FileStatus {
      try folder.makeDirectory(name)
      #expect(chown(folder.at(name), user, group) == 0)
      #expect(chmod(folder.at(name), mode) == 0)
      return try FileStatus.of(Path(folder.at(name)))
    }
    let own = try made("own", 1001, 1001)
    let ofOtherGroup = try made("group", 1001, 1002)
    let ofForeignGroup = try made("foreign", 1001, 1003)
    let theirs = try made("theirs", 1004, 1001)
    let sticky = try made("sticky", 1004, 1001, mode: 0o1777)
    let ownSticky = try made("ownsticky", 1001, 1001, mode: 0o1777)
    let statuses = [own, ofOtherGroup, ofForeignGroup, theirs]
    @Sendable func answers() -> [Bool] {
      statuses.map { Privileges.canGiveAway(like: $0) }
        + [(own, theirs), (theirs, theirs), (theirs, sticky), (own, sticky), (theirs, ownSticky)].map {
          Privileges.canRename($0, in: $1)
        }
    }
    #expect(answers() == [Bool](repeating: true, count: 9))
    let found = Lock<[Bool]>([])
    let threads = ThreadGroup()
    threads.start {
      guard OtherUser.become(1001, groups: [1001, 1002]) else { return }
      let answers = answers()
      found.withLock { $0 = answers }
    }
    threads.wait()
    #expect(found.withLock(\.self) == [true, true, false, false, true, true, false, true, true])
  }

  /// The owner, the group and the mode of a file that is replaced.
  @Test(.enabled(if: geteuid() == 0, "needs root"), arguments: [0o640, 0o4755, 0o600] as [mode_t])
  func aNewFileBecomesLikeTheOldOne(mode: mode_t) throws {
    let folder = try TemporaryDirectory()
    for (name, owner, group) in [("old", 1001 as uid_t, 1002 as gid_t), ("own", 0, 0)] {
      try folder.write("", to: name)
      #expect(chown(folder.at(name), owner, group) == 0)
      #expect(chmod(folder.at(name), mode) == 0)
      let old = try FileStatus.of(Path(folder.at(name)))
      let file = try FileDescriptor.open(Path(folder.at("new")), O_RDWR | O_CREAT, mode: 0o600)
      try file.takeOwnership(of: old, "new")
      let new = try file.status("new")
      #expect(new.owner == owner && new.group == group && new.mode == mode)
    }
  }

  /// Linux drops the set-group-ID bit of a file whose group is not one of the thread's, without an error.
  @Test(.enabled(if: geteuid() == 0, "needs root"))
  func aModeThatTheKernelChangesIsAFailure() throws {
    let folder = try TemporaryDirectory()
    try folder.write("", to: "new")
    #expect(chown(folder.at("new"), 1001, 1003) == 0)
    let file = try FileDescriptor.open(Path(folder.at("new")), O_RDWR)
    #expect(chmod(folder.at("new"), 0o2755) == 0)
    let old = try FileStatus.of(Path(folder.at("new")))
    let code = Lock<CInt>(0)
    let shared = Lock<FileDescriptor?>(file)
    let threads = ThreadGroup()
    threads.start {
      guard OtherUser.become(1001, groups: [1001]), let file = shared.withLock({ $0.take() }) else { return }
      do throws(SystemError) {
        try file.takeOwnership(of: old, "new")
      } catch {
        code.withLock { $0 = error.code }
      }
    }
    threads.wait()
    #expect(code.withLock(\.self) == EPERM)
  }
}
