import Diagnostics
import POSIX

extension StorageConfiguration {
  /// The driver whose images the store contains, if no driver is configured; nil for an empty store.
  ///
  /// Images of several drivers are a failure, with the message of containers/storage. As there, `vfs` does not
  /// count if there is another driver. Unlike there, `vfs` alone is detected, because nothing is created here.
  public func detectedDriver() throws(Failure) -> String? {
    for root in [graphRoot.value] + (imageStore.map { [$0.value] } ?? []) {
      func hasImages(_ driver: String) throws(Failure) -> Bool {
        try files.exists(root.appending("\(driver)-images/images.json"))
      }
      var found: [String] = []
      for driver in ["overlay", "btrfs", "zfs"] where try hasImages(driver) { found.append(driver) }
      if found.count > 1 {
        throw Failure(
          .unavailable, "",
          "\(root) contains several valid graphdrivers: \(found.joined(separator: ", ")); "
            + "Please cleanup or explicitly choose storage driver (-s <DRIVER>)")
      }
      if let driver = found.first { return driver }
      if try hasImages("vfs") { return "vfs" }
    }
    return nil
  }
}
