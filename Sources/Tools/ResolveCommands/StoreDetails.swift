import CommandSupport
import ContainersConfiguration
import POSIX

extension Messages {
  /// Prints the location of the store, with the origin of each setting.
  func tell(_ store: StorageConfiguration) {
    tell("graph root", store.graphRoot)
    tell("run root", store.runRoot)
    if let driver = store.driver {
      tell("storage driver", driver)
    } else {
      detail("storage driver: not set, detected from the store")
    }
    if let imageStore = store.imageStore { tell("image store", imageStore) }
    for path in store.additionalImageStores.value {
      tell("additional image store", Setting(path, from: store.additionalImageStores.origin))
    }
  }

  /// Prints the keys of storage.conf files that have no effect: all if verbose, else those of which podman warns.
  func tell(_ keys: [IgnoredKey]) {
    // A file may have a hundred thousand of them.
    let limit = 20
    let shown = isVerbose ? keys : keys.filter(\.podmanWarns)
    for key in shown.prefix(limit) { note("\(key)") }
    if let next = shown.dropFirst(limit).first {
      note("\(next.file): \(shown.count - limit) more such keys")
    }
  }

  private func tell(_ name: String, _ setting: Setting<some CustomStringConvertible>) {
    detail("\(name) \(setting.value) (from \(setting.origin))")
  }
}
