import CLinux
import Diagnostics
import POSIX

/// What a process gives up because it does not need it, so that hostile input gains little from a bug.
///
/// Three mechanisms of the kernel, each used if it is there: no new privileges, a filter of system calls, and
/// Landlock. They bind the calling thread and those that it starts, for good; what is open stays usable. A later
/// confinement can only add to an earlier one.
/// Source: Linux, Documentation/userspace-api/{no_new_privs,seccomp_filter,landlock}.rst.
public struct Confinement: Sendable {
  /// The directories, and single files, below which files may be created, changed and removed; nil for all.
  public var writes: [Path]?
  /// The directories, and single files, below which files may be read; nil for all.
  public var reads: [Path]?

  /// Describes what a process still needs.
  public init(writes: [Path]? = nil, reads: [Path]? = nil) {
    self.writes = writes
    self.reads = reads
  }

  /// A mechanism of the kernel.
  public enum Mechanism: Sendable, CustomStringConvertible {
    /// execve(2) grants no privileges.
    case noNewPrivileges
    /// Other processes, the network, mounts and the kernel's own state cannot be reached.
    case systemCallFilter
    /// Files can be reached only as described; with the version of the interface.
    case landlock(version: Int)

    /// The mechanism's name.
    public var description: String {
      switch self {
      case .noNewPrivileges: "no new privileges"
      case .systemCallFilter: "a system call filter"
      case .landlock(let version): "Landlock \(version)"
      }
    }
  }

  /// Confines the calling thread; returns the mechanisms that are in force.
  ///
  /// - Throws: An error that may pass, such as the lack of memory or descriptors.
  @discardableResult
  public func enter() throws(SystemError) -> [Mechanism] {
    // The others need it.
    guard img_no_new_privileges() == 0 else { return [] }
    var mechanisms = [.noNewPrivileges] + (try narrow())
    let isFiltered = try isOffered { () throws(SystemError) in
      _ = try retrying("prctl", "") { Int(img_filter_system_calls()) }
    }
    if isFiltered { mechanisms.append(.systemCallFilter) }
    return mechanisms
  }

  /// Confines a thread further that entered a confinement before: only the files that it can reach.
  ///
  /// - Throws: As ``enter()``.
  public func narrow() throws(SystemError) -> [Mechanism] {
    try Landlock.enter(writes: writes, reads: reads).map { [.landlock(version: $0)] } ?? []
  }
}
