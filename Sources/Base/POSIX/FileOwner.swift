import Diagnostics
import Glibc

/// Whose file is at a path, for advice about missing permission.
public enum FileOwner: Equatable, Sendable, CustomStringConvertible {
  /// This process's user.
  case ownUser
  /// Another user; nil if the user has no name.
  case other(id: UInt32, name: String?)

  /// The owner of a file, or of the last directory on the way to it that can be looked at.
  public init(of path: Path) {
    var path = path
    while true {
      do {
        let status = try FileStatus.of(path)
        self = status.owner == geteuid() ? .ownUser : .other(id: status.owner, name: userName(of: status.owner))
        return
      } catch {
        let parent = path.parent
        guard parent != path else {
          self = .ownUser
          return
        }
        path = parent
      }
    }
  }

  /// The name of the user, else the number.
  public var description: String {
    switch self {
    case .ownUser: "user \(geteuid())"
    case .other(let id, let name): name ?? "user \(id)"
    }
  }
}

/// The name of a user in the password file; nil if there is none.
func userName(of id: UInt32) -> String? {
  if id == 0 { return "root" }
  return (try? Path("/etc/passwd").contents(limit: 1 << 20)).flatMap { userName(of: id, in: $0) }
}

/// The name of a user in the text of a password file, see passwd(5); nil if there is none.
func userName(of id: UInt32, in lines: [UInt8]) -> String? {
  for line in lines.split(separator: UInt8(ascii: "\n")) {
    let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    if fields.count > 2, fields[2].elementsEqual(String(id).utf8) {
      return String(decoding: fields[0], as: UTF8.self)
    }
  }
  return nil
}

extension Failure {
  /// Adds what to do about a missing permission, by the owner of the file; nothing for root, who needs no advice.
  public func advising(_ advice: (FileOwner) -> String) -> Failure {
    guard kind == .noPermission, geteuid() != 0 else { return self }
    return Failure(kind, subject, "\(reason) (\(advice(FileOwner(of: Path(subject)))))")
  }
}
