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

  @Test func onlyAKnownAbsenceIsOne() throws {
    #expect(try Path("/").isPresent())
    #expect(try !Path("/nowhere/at/all").isPresent())
    #expect(try !Path("/dev/null/x").isPresent())
    #expect(try !Path(String(repeating: "x", count: 300)).isPresent())
  }
}
