import ContainersConfiguration
import ContainersStorage
import Diagnostics
import Glibc
import POSIX

/// What to add to the failure for an unknown image: that there is no store, or that root has another one.
struct StoreHint {
  private let graphRoot: Path
  /// Whether nothing is there to read: podman makes the store at its first run.
  let isWithoutStore: Bool
  private let isGiven: Bool

  /// Looks at the roots of a configuration.
  ///
  /// - Throws: A ``Failure`` for a configured root that is a directory of something else, or out of reach.
  init(of configuration: StorageConfiguration) throws(Failure) {
    graphRoot = configuration.graphRoot.value
    if case .option = configuration.graphRoot.origin { isGiven = true } else { isGiven = false }
    var hasStore = !configuration.additionalImageStores.value.isEmpty
    for setting in [configuration.graphRoot, configuration.imageStore].compactMap(\.self) {
      let root = try StoreRoot(at: setting.value)
      switch root {
      case .missing, .emptyDirectory: break
      case .store, .file, .otherDirectory:
        try root.check(setting.value, from: "\(setting.origin)")
        hasStore = true
      }
    }
    isWithoutStore = !hasStore
  }

  /// The hint; nil if there is nothing to say.
  var text: String? {
    if isGiven { return nil }
    let missing = isWithoutStore ? "there is no store in \(graphRoot)" : nil
    let system = systemStore.map { "perhaps it is in root's store, \($0): use sudo" }
    let parts = [missing, system].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// The graph root of root, for other users; nil if there is certainly no store.
  private var systemStore: Path? {
    guard geteuid() != 0 else { return nil }
    // The settings of the machine: root's own files are out of reach, so the home directory has none.
    let configuration = try? StorageConfiguration.discover(
      options: StorageOptions(), environment: ["HOME": "/dev/null"], userID: 0)
    guard let system = configuration?.graphRoot.value, system != graphRoot else { return nil }
    do {
      return try StoreRoot(at: system) == .store ? system : nil
    } catch {
      // Usual: the directory is closed to others.
      return error.kind == .noPermission ? system : nil
    }
  }
}
