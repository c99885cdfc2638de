import Diagnostics
import Foundation

/// Turns this process into one of a user without privileges, if it is root's; only for a process of an exit test.
///
/// What root may do anyway cannot be tested otherwise. Directories for temporary files are below `/tmp` if the user may
/// not write to that of the process.
public func becomeOrdinaryUser() throws {
  let nobody: gid_t = 65534
  if geteuid() == 0, setgroups(0, nil) != 0 || setgid(nobody) != 0 || setuid(nobody) != 0 {
    throw Failure(.noPermission, "setuid", String(cString: strerror(errno)))
  }
  if access(FileManager.default.temporaryDirectory.path, W_OK) != 0 { setenv("TMPDIR", "/tmp", 1) }
}
