import Diagnostics
import POSIX
import TOML

/// The merged settings of storage.conf files; an empty text counts as not set.
///
/// Source: storage.conf(5); containers/storage types/options.go.
struct StorageSettings: Equatable {
  var driver: Setting<String>?
  var graphRoot: Setting<String>?
  var runRoot: Setting<String>?
  var imageStore: Setting<String>?
  var rootlessStoragePath: Setting<String>?
  var additionalImageStores: Setting<StringList>?
  var additionalLayerStores: Setting<StringList>?
  /// The unknown keys of all files.
  var ignoredKeys: [IgnoredKey] = []

  /// An array that replaces an earlier one, or extends it if its last element is `{append=true}`.
  struct StringList: Equatable {
    var values: [String] = []
    var appends = false
  }

  /// No settings.
  init() {}

  /// The settings of one file.
  init(_ file: ConfigurationTable) throws(Failure) {
    ignoredKeys = IgnoredKey.all(in: file)
    guard let storage = try file.table("storage") else { return }
    let origin = SettingOrigin.file(file.file)
    func text(_ key: String) throws(Failure) -> Setting<String>? {
      try storage.string(key).map { Setting($0, from: origin) }
    }
    driver = try text("driver")
    graphRoot = try text("graphroot")
    runRoot = try text("runroot")
    imageStore = try text("imagestore")
    rootlessStoragePath = try text("rootless_storage_path")
    guard let options = try storage.table("options") else { return }
    additionalImageStores = try list(options, "additionalimagestores").map { Setting($0, from: origin) }
    additionalLayerStores = try list(options, "additionallayerstores").map { Setting($0, from: origin) }
  }

  /// Merges the settings of a later file, which take precedence.
  mutating func apply(_ later: StorageSettings) {
    driver = later.driver ?? driver
    graphRoot = later.graphRoot ?? graphRoot
    runRoot = later.runRoot ?? runRoot
    imageStore = later.imageStore ?? imageStore
    rootlessStoragePath = later.rootlessStoragePath ?? rootlessStoragePath
    additionalImageStores = merge(additionalImageStores, later.additionalImageStores)
    additionalLayerStores = merge(additionalLayerStores, later.additionalLayerStores)
    ignoredKeys += later.ignoredKeys
  }

  /// The settings without the locations that a machine file must not set for a user.
  var withoutRoots: StorageSettings {
    var result = self
    result.graphRoot = nil
    result.runRoot = nil
    return result
  }
}

private func list(_ table: ConfigurationTable, _ key: String) throws(Failure) -> StorageSettings.StringList? {
  guard let elements = try table.array(key) else { return nil }
  var result = StorageSettings.StringList()
  for element in elements {
    switch element {
    case .string(let text): result.values.append(text)
    case .table(let content):
      guard content.members.count == 1, let member = content.members.first, member.key == "append",
        case .boolean(let appends) = member.value
      else { throw table.invalid("\(key): unsupported attribute") }
      result.appends = appends
    default:
      throw table.invalid("\(key): a string is expected, not \(element.kind)")
    }
  }
  return result
}

private func merge(
  _ earlier: Setting<StorageSettings.StringList>?, _ later: Setting<StorageSettings.StringList>?
) -> Setting<StorageSettings.StringList>? {
  guard let later else { return earlier }
  guard let earlier, later.value.appends else { return later }
  let values = earlier.value.values + later.value.values
  return Setting(.init(values: values, appends: earlier.value.appends), from: later.origin)
}
