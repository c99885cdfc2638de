import Diagnostics
import POSIX

extension StorageConfiguration {
  /// The driver whose images the store has, for a store whose driver is not configured; nil if it has none.
  ///
  /// Such a store is empty. One with images of several drivers is a failure that asks for a choice, in the
  /// words of containers/storage; that library would take no `vfs` by itself, but it also creates stores.
  public func detectedDriver() throws(Failure) -> String? {
    for root in [graphRoot.value] + (imageStore.map { [$0.value] } ?? []) {
      var found: [String] = []
      for driver in ["overlay", "btrfs", "zfs", "vfs"]
      where try files.exists(root.appending("\(driver)-images/images.json")) {
        found.append(driver)
      }
      if found.count > 1 {
        throw Failure(
          .unavailable, "",
          "\(root) contains several valid graphdrivers: \(found.joined(separator: ", ")); "
            + "Please cleanup or explicitly choose storage driver (-s <DRIVER>)")
      }
      if let driver = found.first { return driver }
    }
    return nil
  }
}
