import Diagnostics
import Glibc

/// A failed system call: its name, its subject and the error number.
public struct SystemError: Error, Equatable, Sendable {
  /// The name of the call.
  public let call: String
  /// The file or other subject of the call; may be empty.
  public let subject: String
  /// The error number (errno).
  public let code: CInt

  /// The error of a call; the number is errno unless given.
  public init(_ call: StaticString, _ subject: some CustomStringConvertible, code: CInt = errno) {
    self.call = String(describing: call)
    self.subject = subject.description
    self.code = code
  }

  /// The error of a file that is known to be missing, without a system call.
  public static func notFound(_ subject: String) -> SystemError {
    SystemError("open", subject, code: ENOENT)
  }

  /// The kernel's words for the error: `No such file or directory`.
  public var reason: String { String(cString: strerror(code)) }

  /// Whether the named file does not exist.
  public var isNotFound: Bool { code == ENOENT || code == ENOTDIR }

  /// Whether the file is the cause: it is missing or of another kind, or its path leads nowhere.
  public var isWrongFile: Bool {
    isNotFound || [EISDIR, ELOOP, ENAMETOOLONG, ENODEV, ENXIO].contains(code)
  }

  /// Whether the same call may succeed later: a resource is short, or a server is slow or replaced the file.
  public var isTransient: Bool {
    [EAGAIN, EINTR, EMFILE, ENFILE, ENOMEM, ESTALE, ETIMEDOUT].contains(code)
  }

  /// Whether the name is taken already.
  public var alreadyExists: Bool { code == EEXIST }

  /// Whether a directory is not empty.
  public var isNotEmpty: Bool { code == ENOTEMPTY }

  /// Whether the kernel or the file system does not offer the call or its flags.
  public var isUnsupported: Bool { [EINVAL, ENOSYS, EOPNOTSUPP].contains(code) }

  /// Whether the caller lacks a permission.
  public var isPermission: Bool { code == EACCES || code == EPERM }

  /// Whether the device is the cause: full, over quota or broken.
  public var isDeviceTrouble: Bool { [ENOSPC, EDQUOT, EIO, EFBIG].contains(code) }

  /// The failure to report if the caller has nothing more specific.
  public var failure: Failure {
    Failure(isPermission ? .noPermission : isTransient ? .tryAgain : .inputOutput, subject, reason)
  }
}

extension SystemError: CustomStringConvertible {
  /// The error as `subject: reason`.
  public var description: String {
    subject.isEmpty ? "\(call): \(reason)" : "\(subject): \(reason)"
  }
}

/// Repeats a call while signals interrupt it; -1 becomes an error.
public func retrying(
  _ call: StaticString, _ subject: @autoclosure () -> String, _ body: () -> Int
) throws(SystemError) -> Int {
  while true {
    let result = body()
    if result >= 0 { return result }
    if errno != EINTR { throw SystemError(call, subject()) }
  }
}
