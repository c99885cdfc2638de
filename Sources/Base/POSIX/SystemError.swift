import Diagnostics
import Glibc

/// A system call that failed: which, on what, and the error number.
public struct SystemError: Error, Equatable, Sendable {
  /// The name of the call.
  public let call: String
  /// What it was called on; empty if there is no name for it.
  public let subject: String
  /// The error number (errno).
  public let code: CInt

  /// An error of a call with the number that is in errno now.
  init(_ call: StaticString, _ subject: some CustomStringConvertible, code: CInt = errno) {
    self.call = String(describing: call)
    self.subject = subject.description
    self.code = code
  }

  /// The error of a file that would be looked for in vain: there is no need to ask the kernel.
  public static func notFound(_ subject: String) -> SystemError {
    SystemError("open", subject, code: ENOENT)
  }

  /// The kernel's words for the error: `No such file or directory`.
  public var reason: String { String(cString: strerror(code)) }

  /// Whether the named file does not exist.
  public var isNotFound: Bool { code == ENOENT || code == ENOTDIR }

  /// Whether the name is taken already.
  public var alreadyExists: Bool { code == EEXIST }

  /// Whether a directory would have to be empty.
  public var isNotEmpty: Bool { code == ENOTEMPTY }

  /// Whether the caller lacks a permission.
  public var isPermission: Bool { code == EACCES || code == EPERM }

  /// Whether the device is to blame: it is full, over its quota or broken.
  public var isDeviceTrouble: Bool { [ENOSPC, EDQUOT, EIO, EFBIG].contains(code) }

  /// The failure that a command ends with when nothing better is known about the error.
  public var failure: Failure {
    Failure(isPermission ? .noPermission : .inputOutput, subject, reason)
  }
}

extension SystemError: CustomStringConvertible {
  /// The error as `subject: reason`.
  public var description: String {
    subject.isEmpty ? "\(call): \(reason)" : "\(subject): \(reason)"
  }
}

/// Calls a function until it is not interrupted by a signal; -1 becomes an error.
func retrying(
  _ call: StaticString, _ subject: @autoclosure () -> String, _ body: () -> Int
) throws(SystemError) -> Int {
  while true {
    let result = body()
    if result >= 0 { return result }
    if errno != EINTR { throw SystemError(call, subject()) }
  }
}
