import Glibc
import POSIX
import StoreFixtures
import Testing

/// The lock of a file keeps writers out.
@Suite struct FileLockTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    try folder.write("", to: "lock")
  }

  private func open(_ flags: CInt = O_RDONLY) throws(SystemError) -> FileDescriptor {
    try FileDescriptor.open(Path(folder.at("lock")), flags)
  }

  /// Takes or drops a writer's lock, owned by the process as in containers-storage; returns whether that
  /// worked.
  private func setLock(_ type: Int, on file: borrowing FileDescriptor) -> Bool {
    var lock = flock()
    lock.l_type = Int16(type)
    lock.l_whence = Int16(SEEK_SET)
    return fcntl(file.number, F_SETLK, &lock) == 0
  }

  @Test func readersShareAFile() throws {
    let first = try open()
    let second = try open()
    let locked = [try first.lockShared("lock"), try second.lockShared("lock")]
    #expect(locked == [true, true])
  }

  @Test func aWriterKeepsReadersOut() throws {
    let writer = try open(O_RDWR)
    let reader = try open()
    let steps = [
      setLock(Int(F_WRLCK), on: writer), try reader.lockShared("lock"),
      setLock(Int(F_UNLCK), on: writer), try reader.lockShared("lock"),
    ]
    #expect(steps == [true, false, true, true])
  }

  /// A lock for reading needs a file that is open for reading.
  @Test func anImpossibleLockIsNoHeldLock() throws {
    let file = try open(O_WRONLY)
    let error = #expect(throws: SystemError.self) { try file.lockShared("lock") }
    #expect(error == SystemError("fcntl", "lock", code: EBADF))
  }

  /// A lock of the process would vanish when any descriptor of the file is closed.
  @Test func aReaderKeepsWritersOutUntilItIsClosed() throws {
    let writer = try open(O_RDWR)
    let reader = try open()
    var steps = [try reader.lockShared("lock")]
    let another = try open()
    try another.close("lock")
    steps.append(setLock(Int(F_WRLCK), on: writer))
    try reader.close("lock")
    steps.append(setLock(Int(F_WRLCK), on: writer))
    #expect(steps == [true, false, true])
  }
}
