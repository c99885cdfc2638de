import Diagnostics
import Digests
import POSIX

/// Where a store of Docker is on disk.
public struct DockerLocation: Hashable, Sendable {
  /// The data root; with userns-remap, the folder of the remapped user in it.
  public let root: Path
  /// The graph driver.
  public let driver: DockerDriver

  /// Names a store; nothing is read.
  public init(root: Path, driver: DockerDriver) {
    self.root = root
    self.driver = driver
  }

  private var metadata: Path { root.appending("image/\(driver.rawValue)") }

  /// The file with the names of images.
  var repositories: Path { metadata.appending("repositories.json") }

  /// The directory with the configs of images, named after their IDs.
  var configs: Path { metadata.appending("imagedb/content/sha256") }

  /// The config of an image.
  func config(of id: Digest) -> Path { configs.appending(id.hex) }

  /// The directory with the metadata of a layer.
  func layer(_ chainID: Digest) -> Path { metadata.appending("layerdb/sha256/\(chainID.hex)") }

  /// The tar-split records of a layer.
  func tarSplit(_ chainID: Digest) -> Path { layer(chainID).appending("tar-split.json.gz") }
}
