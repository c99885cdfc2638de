import Diagnostics
import POSIX

/// The user that configuration is looked up for, and the directories that belong to the user.
struct User {
  /// The user ID that decides between the store of the machine and one of a user.
  let id: UInt32
  /// The variables of the environment.
  let environment: [String: String]
  /// The files of the machine.
  let files: ConfigurationFiles

  /// The user behind a process with an effective user ID.
  ///
  /// Inside `podman unshare` the process is root in its own namespace; `_CONTAINERS_ROOTLESS_UID` then has the ID
  /// of the user outside. Source: containers/storage pkg/unshare.
  init(effectiveID: UInt32, environment: [String: String], files: ConfigurationFiles) {
    let outside = environment["_CONTAINERS_ROOTLESS_UID"] ?? ""
    // As in the original, a text that is no number means root.
    id = outside.isEmpty ? effectiveID : UInt32(outside) ?? 0
    self.environment = environment
    self.files = files
  }

  /// Whether the store is the one of the machine.
  var isRoot: Bool { id == 0 }

  /// A directory named by a variable; nil if it is not set or empty.
  func directory(_ variable: String) -> Path? {
    guard let value = environment[variable], !value.isEmpty else { return nil }
    return Path(value)
  }

  /// A directory named by a variable, else one below the home directory; nil if that is not known either.
  private func directory(_ variable: String, orHome name: String) throws(Failure) -> Path? {
    if let directory = directory(variable) { return directory }
    return try home()?.appending(name)
  }

  /// The home directory: `HOME`, else the one of the password file; nil where neither has one.
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

  /// The directory of the user's storage.conf: `XDG_CONFIG_HOME`, else `~/.config`, and `containers`.
  func configuration() throws(Failure) -> Path? {
    try directory("XDG_CONFIG_HOME", orHome: ".config")?.appending("containers")
  }

  /// The default graph root of a user, without which there is no store.
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

  /// The short-name aliases that programs have recorded.
  func recordedAliases() throws(Failure) -> Path? {
    let name = "containers/short-name-aliases.conf"
    if isRoot { return Path("/var/cache").appending(name) }
    return try directory("XDG_CACHE_HOME", orHome: ".cache")?.appending(name)
  }
}
