import Diagnostics
import POSIX

/// A storage driver whose layers can be read as plain files.
public enum StorageDriver: String, Sendable, CaseIterable {
  /// Directories of differences, stacked by overlayfs.
  case overlay
  /// A full copy of all files for each layer.
  case vfs
  /// A btrfs subvolume with all files for each layer.
  case btrfs

  /// The driver with a name; `overlay2` is an alias of `overlay`.
  ///
  /// Fails for drivers that cannot be read, such as zfs.
  public init(named name: String) throws(Failure) {
    if let driver = StorageDriver(rawValue: name == "overlay2" ? "overlay" : name) {
      self = driver
    } else if name == "zfs" {
      throw Failure(.unavailable, "storage driver zfs", "needs mounted datasets; not supported")
    } else {
      throw Failure(.unavailable, "storage driver \(name)", "not supported (overlay, vfs and btrfs are)")
    }
  }
}

/// Where a store is on disk: its roots and their common driver.
///
/// Source: containers/storage store.go; storage.conf(5).
public struct StoreLocation: Hashable, Sendable {
  /// The graph root: layer metadata and, unless there is an image store, images and layer contents.
  public let root: Path
  /// The driver of all roots.
  public let driver: StorageDriver
  /// A separate root for images and their layers (`imagestore`), if there is one.
  public let imageStore: Path?
  /// Further read-only stores, in search order.
  public let additionalStores: [Path]

  /// Names the roots of a store; nothing is read.
  public init(root: Path, driver: StorageDriver, imageStore: Path? = nil, additionalStores: [Path] = []) {
    self.root = root
    self.driver = driver
    self.imageStore = imageStore
    self.additionalStores = additionalStores
  }

  /// The roots that may hold image records, in search order.
  public var imageRoots: [Path] { (imageStore.map { [$0] } ?? []) + [root] + additionalStores }

  /// The roots that may hold layers, in search order.
  public var layerRoots: [Path] { [root] + (imageStore.map { [$0] } ?? []) + additionalStores }

  /// The directory of image records in one of the roots.
  func images(in root: Path) -> Path { root.appending("\(driver.rawValue)-images") }

  /// The directory of layer records and tar-split files in one of the roots.
  func layers(in root: Path) -> Path { root.appending("\(driver.rawValue)-layers") }

  /// The directory of the contents of layers in one of the roots.
  func contents(in root: Path) -> Path {
    switch driver {
    case .overlay: root.appending("overlay")
    case .vfs: root.appending("vfs/dir")
    case .btrfs: root.appending("btrfs/subvolumes")
    }
  }
}
