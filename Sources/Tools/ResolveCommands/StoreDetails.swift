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

  private func tell(_ name: String, _ setting: Setting<some CustomStringConvertible>) {
    detail("\(name) \(setting.value) (from \(setting.origin))")
  }
}
