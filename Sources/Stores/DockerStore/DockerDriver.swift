import Diagnostics
import Digests
import POSIX

/// A graph driver of Docker whose layers are plain files.
///
/// Source: moby, daemon/graphdriver.
public enum DockerDriver: String, Sendable, CaseIterable {
  /// Directories of differences, stacked by overlayfs.
  case overlay2
  /// The same, stacked by a program in user space.
  case fuseOverlayfs = "fuse-overlayfs"
  /// A full copy of all files for each layer.
  case vfs
  /// A btrfs subvolume with all files for each layer.
  case btrfs

  /// The driver with a name.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `unavailable` for drivers that cannot be read, such as zfs.
  public init(named name: String) throws(Failure) {
    if let driver = DockerDriver(rawValue: name) {
      self = driver
    } else if name == "zfs" {
      throw Failure(.unavailable, "storage driver zfs", "needs mounted datasets; not supported")
    } else {
      throw Failure(
        .unavailable, "storage driver \(name)",
        "not supported (\(DockerDriver.allCases.map(\.rawValue).joined(separator: ", ")) are)")
    }
  }

  /// The directory with the files of a layer.
  func contents(of cacheID: Digest, in root: Path) -> Path {
    switch self {
    case .overlay2, .fuseOverlayfs: root.appending("\(rawValue)/\(cacheID.hex)/diff")
    case .vfs: root.appending("vfs/dir/\(cacheID.hex)")
    case .btrfs: root.appending("btrfs/subvolumes/\(cacheID.hex)")
    }
  }
}
