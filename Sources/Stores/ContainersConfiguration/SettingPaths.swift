import Diagnostics
import POSIX

/// Makes paths of settings: expands variables, resolves links, adds defaults.
struct SettingPaths {
  let user: User
  let files: ConfigurationFiles

  /// The graph root.
  func graphRoot(_ settings: StorageSettings, _ options: StorageOptions) throws(Failure) -> Setting<Path> {
    if let given = option(options.root, "--root") { return given }
    if let configured = try path(settings.graphRoot, "graphroot") { return configured }
    if user.isRoot { return Setting("/var/lib/containers/storage", from: .builtIn) }
    if let configured = try path(settings.rootlessStoragePath, "rootless_storage_path") { return configured }
    return try Setting(files.resolved(user.dataStore()), from: .builtIn)
  }

  /// The run root.
  func runRoot(_ settings: StorageSettings, _ options: StorageOptions) throws(Failure) -> Setting<Path> {
    if let given = option(options.runRoot, "--runroot") { return given }
    if let configured = try path(settings.runRoot, "runroot") { return configured }
    if user.isRoot { return Setting("/run/containers/storage", from: .builtIn) }
    return try Setting(files.resolved(user.runtimeStore()), from: .builtIn)
  }

  /// The separate root of images.
  func imageStore(_ settings: StorageSettings, _ options: StorageOptions) throws(Failure) -> Setting<Path>? {
    if let given = option(options.imageStore, "--imagestore") { return given }
    return try path(settings.imageStore, "imagestore")
  }

  /// A path of the command line, cleaned; a relative one starts at the working directory.
  private func option(_ value: String?, _ name: String) -> Setting<Path>? {
    guard let value, !value.isEmpty else { return nil }
    return Setting(absolute(Path(value)), from: .option(name))
  }

  /// A path of a file: replaces `$UID` and variables, resolves symbolic links; nil if there is none.
  private func path(_ setting: Setting<String>?, _ key: String) throws(Failure) -> Setting<Path>? {
    guard let setting, !setting.value.isEmpty else { return nil }
    let numbered = replacing("$UID", by: String(user.id), in: setting.value)
    let path = Path(expandVariables(numbered, user.environment))
    guard path.isAbsolute else {
      throw Failure(.unavailable, "\(setting.origin)", "\(key) is not an absolute path: \(setting.value)")
    }
    return Setting(files.resolved(path), from: setting.origin)
  }
}

/// The cleaned absolute path; a relative one starts at the working directory.
private func absolute(_ path: Path) -> Path {
  guard !path.isAbsolute, let directory = try? Path(".").resolved() else { return path.cleaned }
  return directory.appending(path).cleaned
}

/// The text with all occurrences of a nonempty part replaced, from left to right.
private func replacing(_ part: String, by replacement: String, in text: String) -> String {
  let part = Array(part.utf8)
  var rest = Array(text.utf8)[...]
  var result: [UInt8] = []
  while let byte = rest.first {
    if rest.starts(with: part) {
      result += replacement.utf8
      rest = rest.dropFirst(part.count)
    } else {
      result.append(byte)
      rest = rest.dropFirst()
    }
  }
  return String(decoding: result, as: UTF8.self)
}
