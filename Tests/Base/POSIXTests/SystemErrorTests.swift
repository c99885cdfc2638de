import Diagnostics
import Glibc
import Testing

@testable import POSIX

/// What an error number says: about the file, about a permission, or about the system.
@Suite struct SystemErrorTests {
  @Test(arguments: [ENOENT, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG, ENXIO, ENODEV])
  func theFileIsTheCause(code: CInt) {
    let error = SystemError("open", "file", code: code)
    #expect(error.isWrongFile)
    #expect(!error.isTransient && !error.isPermission)
  }

  @Test(arguments: [EMFILE, ENFILE, ENOMEM, ESTALE, EAGAIN, ETIMEDOUT, EINTR])
  func whatMayPassIsWorthAnotherTry(code: CInt) {
    let error = SystemError("open", "file", code: code)
    #expect(error.isTransient)
    #expect(!error.isWrongFile && !error.isPermission)
    #expect(error.failure == Failure(.tryAgain, "file", error.reason))
  }

  @Test(arguments: [EIO, ENOSPC, EDQUOT, EREMOTEIO, EBADMSG, EUCLEAN])
  func theRestIsAnInputOutputError(code: CInt) {
    let error = SystemError("read", "file", code: code)
    #expect(!error.isWrongFile && !error.isTransient)
    #expect(error.failure == Failure(.inputOutput, "file", error.reason))
  }

  /// Each question about an error number, and all the numbers whose answer is yes.
  @Test(
    arguments: [
      (\.isNotFound, [ENOENT, ENOTDIR]), (\.alreadyExists, [EEXIST]), (\.isNotEmpty, [ENOTEMPTY]),
      (\.isUnsupported, [EINVAL, ENOSYS, EOPNOTSUPP]), (\.isPermission, [EPERM, EACCES]),
      (\.isDeviceTrouble, [ENOSPC, EDQUOT, EIO, EFBIG]),
      (\.isTransient, [EAGAIN, EINTR, EMFILE, ENFILE, ENOMEM, ESTALE, ETIMEDOUT]),
      (\.isWrongFile, [ENOENT, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG, ENODEV, ENXIO]),
    ] as [(any KeyPath<SystemError, Bool> & Sendable, Set<CInt>)])
  func numbersAreSorted(question: any KeyPath<SystemError, Bool> & Sendable, yes: Set<CInt>) {
    let found = (1..<134).filter { SystemError("open", "file", code: $0)[keyPath: question] }
    #expect(Set(found) == yes)
  }

  @Test(arguments: [(EPERM, Failure.Kind.noPermission), (EACCES, .noPermission), (ENOENT, .inputOutput)])
  func theKindFollowsTheNumber(code: CInt, kind: Failure.Kind) {
    #expect(SystemError("open", "file", code: code).failure.kind == kind)
  }

  @Test func anInterruptedCallIsMadeAgain() throws {
    var results = [-1, -1, 7]
    let result = try retrying("read", "file") {
      errno = EINTR
      return results.removeFirst()
    }
    #expect(result == 7)
    #expect(throws: SystemError("read", "file", code: EIO)) {
      try retrying("read", "file") {
        errno = EIO
        return -1
      }
    }
    #expect(try retrying("read", "file") { 0 } == 0)
  }

  @Test func onlyAKnownAbsenceIsOne() throws {
    #expect(try Path("/").isPresent())
    #expect(try !Path("/nowhere/at/all").isPresent())
    #expect(try !Path("/dev/null/x").isPresent())
    #expect(try !Path(String(repeating: "x", count: 300)).isPresent())
  }
}
