import Diagnostics
import POSIX

/// The storage.conf files that apply to a user, merged.
///
/// The main file is found as in all releases up to podman 5: root has its own file, and a user inherits few
/// settings from files of the machine. Drop-in directories exist only in later releases and override the main
/// file. Those of the machine set no graph root and no run root for a user, because distributions ship files
/// that would direct every user to the store of root.
struct StorageFiles {
  let user: User
  let files: ConfigurationFiles

  private static let vendor: Path = "/usr/share/containers"
  private static let machine: Path = "/etc/containers"

  /// The merged settings of all files.
  func settings() throws(Failure) -> StorageSettings {
    var result = StorageSettings()
    let explicitly = "CONTAINERS_STORAGE_CONF"
    if user.environment[explicitly] == "" {
      throw Failure(.unavailable, "$\(explicitly)", "set, but empty; unset it or name a file")
    }
    if let explicit = try named(by: explicitly) {
      result = explicit
    } else {
      result = user.isRoot ? try rootMain() : try userMain()
      for file in try dropIns() {
        if var dropIn = try settings(of: file.path) {
          dropIn.ignoredKeys = dropIn.ignoredKeys.map(\.inLaterFile)
          result.apply(file.isOfMachine && !user.isRoot ? dropIn.withoutRoots : dropIn)
        }
      }
    }
    if var override = try named(by: "CONTAINERS_STORAGE_CONF_OVERRIDE") {
      override.ignoredKeys = override.ignoredKeys.map(\.inLaterFile)
      result.apply(override)
    }
    return result
  }

  /// The file that a variable names; it must exist.
  private func named(by variable: String) throws(Failure) -> StorageSettings? {
    guard let value = user.environment[variable], !value.isEmpty else { return nil }
    if let settings = try settings(of: Path(value), .any) { return settings }
    throw Failure(.unavailable, printable(value), "No such file or directory (named by $\(variable))")
  }

  private func rootMain() throws(Failure) -> StorageSettings {
    if let own = user.directory("XDG_CONFIG_HOME"),
      let settings = try settings(of: own.appending("containers/storage.conf"))
    {
      return settings
    }
    return try machineMain()
  }

  private func machineMain() throws(Failure) -> StorageSettings {
    for directory in [Self.machine, Self.vendor] {
      if let settings = try settings(of: directory.appending("storage.conf")) { return settings }
    }
    return StorageSettings()
  }

  /// The user's own file, or else the two machine settings that apply to users.
  ///
  /// The machine's `rootless_storage_path` is the default even for users with their own file.
  private func userMain() throws(Failure) -> StorageSettings {
    let file = try user.configuration()?.appending("storage.conf")
    guard let file, var own = try settings(of: file) else {
      let machine = try machineMain()
      var result = StorageSettings()
      result.rootlessStoragePath = machine.rootlessStoragePath
      result.ignoredKeys = machine.ignoredKeys
      if let driver = machine.driver, ["btrfs", "overlay", "overlay2", "vfs"].contains(driver.value) {
        result.driver = driver
      }
      return result
    }
    if own.graphRoot.isUnset && own.rootlessStoragePath.isUnset {
      let machine = try machineMain()
      own.rootlessStoragePath = machine.rootlessStoragePath
      own.ignoredKeys += machine.ignoredKeys
    }
    return own
  }

  /// The drop-in files, sorted by name; of files with the same name, that of the last directory counts.
  private func dropIns() throws(Failure) -> [(path: Path, isOfMachine: Bool)] {
    var directories: [(path: Path, isOfMachine: Bool)] = []
    for base in [Self.vendor, Self.machine] {
      let special = base.appending(user.isRoot ? "storage.rootful.conf.d" : "storage.rootless.conf.d")
      directories += [(base.appending("storage.conf.d"), true), (special, true)]
      if !user.isRoot { directories.append((special.appending("\(user.id)"), true)) }
    }
    if let own = try user.configuration() { directories.append((own.appending("storage.conf.d"), false)) }
    var byName: [Path: (path: Path, isOfMachine: Bool)] = [:]
    for directory in directories {
      for name in try files.configurationEntries(directory.path) {
        let path = directory.path.appending(name)
        if try files.entryKind(path) == .regular { byName[name] = (path, directory.isOfMachine) }
      }
    }
    return byName.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }.map { $0.value }
  }

  private func settings(
    of path: Path, _ kinds: ConfigurationFiles.Kinds = .regular
  ) throws(Failure) -> StorageSettings? {
    do {
      return try files.table(path, kinds).map { table throws(Failure) in try StorageSettings(table) }
    } catch {
      // An unreadable configuration makes the store unusable; a guess would read another store.
      throw error.kind == .badData ? Failure(.unavailable, error.subject, error.reason) : error
    }
  }
}

extension Setting<String>? {
  /// Whether the value is missing or empty; the original programs treat both alike.
  var isUnset: Bool { self?.value.isEmpty != false }
}
