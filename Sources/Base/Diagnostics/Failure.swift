/// A failure that ends a command: its class, its subject and the reason.
///
/// A command prints it as one line, `tool: subject: reason`, and exits with the status of its ``Kind``.
public struct Failure: Error, Equatable, Sendable {
  /// The class of a failure; each has one exit status (the numbers are those of sysexits.h).
  public enum Kind: Int32, Sendable, CaseIterable {
    /// Anything that fits no other class.
    case other = 1
    /// A wrong command line, or an option that cannot take effect.
    case usage = 64
    /// Malformed or damaged data: a record, a digest, a size, a corrupt store.
    case badData = 65
    /// An unknown image or input.
    case notFound = 66
    /// A store or storage driver that cannot be used.
    case unavailable = 69
    /// A violated invariant: a bug in the program.
    case internalError = 70
    /// A target that exists already or cannot be created.
    case cannotCreate = 73
    /// A failed read or write, including a full disk.
    case inputOutput = 74
    /// The store changed meanwhile, or the system lacks a resource; the same command may succeed when repeated.
    case tryAgain = 75
    /// Missing permission.
    case noPermission = 77
  }

  /// The class of the failure.
  public let kind: Kind
  /// What the failure is about: an image name, a path, an option; may be empty.
  public let subject: String
  /// Why it failed, naming files and values.
  public let reason: String

  /// Creates a failure; ``description`` escapes control characters in both texts.
  public init(_ kind: Kind, _ subject: String, _ reason: String) {
    self.kind = kind
    self.subject = subject
    self.reason = reason
  }

  /// The failure with a wider subject; the old subject moves into the reason.
  public func within(_ outer: String) -> Failure {
    Failure(kind, outer, subject.isEmpty ? reason : "\(subject): \(reason)")
  }
}

extension Failure: CustomStringConvertible {
  /// The failure as one line without the tool's name: `subject: reason`.
  public var description: String {
    printable(subject.isEmpty ? reason : "\(subject): \(reason)")
  }
}
