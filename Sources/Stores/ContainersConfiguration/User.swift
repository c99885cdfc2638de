import Diagnostics
import POSIX

/// The user whose configuration is looked up, with the user's directories.
struct User {
  /// The user ID; 0 selects the store of the machine, others a user's store.
  let id: UInt32
  /// The environment variables.
  let environment: [String: String]
  /// The files of the machine.
  let files: ConfigurationFiles

  /// The user of a process with an effective user ID.
  ///
  /// Inside `podman unshare` the process is root in its own namespace; `_CONTAINERS_ROOTLESS_UID` then holds
  /// the user ID outside.
  /// Source: containers/storage pkg/unshare.
  init(effectiveID: UInt32, environment: [String: String], files: ConfigurationFiles) {
    let outside = environment["_CONTAINERS_ROOTLESS_UID"] ?? ""
    // As in the original, an invalid number means root.
    id = outside.isEmpty ? effectiveID : UInt32(outside) ?? 0
    self.environment = environment
    self.files = files
  }

  /// Whether the store is that of the machine.
  var isRoot: Bool { id == 0 }

  /// A directory named by a variable; nil if unset or empty.
  func directory(_ variable: String) -> Path? {
    guard let value = environment[variable], !value.isEmpty else { return nil }
    return Path(value)
  }

  /// A directory named by a variable, else one in the home directory; nil if there is no home directory.
  private func directory(_ variable: String, orHome name: String) throws(Failure) -> Path? {
    if let directory = directory(variable) { return directory }
    return try home()?.appending(name)
  }

  /// The home directory: `HOME`, else that of the password file; nil if neither has one.
  func home() throws(Failure) -> Path? {
    if let home = directory("HOME") { return home }
    for line in try files.contents("/etc/passwd")?.split(separator: UInt8(ascii: "\n")) ?? [] {
      let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      if fields.count == 7, fields[2].elementsEqual(String(id).utf8), !fields[5].isEmpty {
        return Path(fields[5])
      }
    }
    return nil
  }

  /// The directory of the user's storage.conf: `containers` in `XDG_CONFIG_HOME`, else in `~/.config`.
  func configuration() throws(Failure) -> Path? {
    try directory("XDG_CONFIG_HOME", orHome: ".config")?.appending("containers")
  }

  /// The default graph root of a user; fails without `XDG_DATA_HOME` and a home directory.
  func dataStore() throws(Failure) -> Path {
    if let directory = try directory("XDG_DATA_HOME", orHome: ".local/share") {
      return directory.appending("containers/storage")
    }
    throw Failure(.unavailable, "HOME", "not set, and /etc/passwd has no home directory for user \(id)")
  }

  /// The default run root of a user.
  func runtimeStore() throws(Failure) -> Path {
    if let directory = directory("XDG_RUNTIME_DIR") { return directory.appending("containers") }
    let session = Path("/run/user/\(id)")
    if try files.isDirectory(session) { return session.appending("containers") }
    return (directory("TMPDIR") ?? "/tmp").appending("storage-run-\(id)/containers")
  }

  /// The file of short-name aliases recorded by programs.
  func recordedAliases() throws(Failure) -> Path? {
    let name = "containers/short-name-aliases.conf"
    if isRoot { return Path("/var/cache").appending(name) }
    return try directory("XDG_CACHE_HOME", orHome: ".cache")?.appending(name)
  }
}
