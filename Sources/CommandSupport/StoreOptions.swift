import ArgumentParser
import ContainerStorage
import Diagnostics
import POSIX

/// The options that say where the store is; the same in all tools that read one.
public struct StoreOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The store's graph root.", valueName: "DIR"))
  var root: String?

  @Option(help: ArgumentHelp("The storage driver: overlay, vfs or btrfs.", valueName: "NAME"))
  var storageDriver: String?

  /// Options as they are before a command line is parsed.
  public init() {}

  /// The store that the options, the environment and the configuration name.
  public func location() throws(Failure) -> StoreLocation {
    let root = Path(root ?? "/var/lib/containers/storage")
    return StoreLocation(root: root, driver: try StorageDriver(named: storageDriver ?? "overlay"))
  }
}
