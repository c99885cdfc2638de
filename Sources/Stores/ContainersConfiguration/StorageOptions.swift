/// What a command line says about the store: the options that podman has for it.
///
/// An option that was not given is nil, which differs from one that was given as an empty text.
public struct StorageOptions: Equatable, Sendable {
  /// The graph root (`--root`); drops the driver options of the configuration.
  public var root: String?
  /// The run root (`--runroot`).
  public var runRoot: String?
  /// The separate root of images (`--imagestore`).
  public var imageStore: String?
  /// The name of the driver (`--storage-driver`); drops the driver options of the configuration.
  public var driver: String?
  /// The driver options (`--storage-opt`, repeatable), `key=value` each; they replace those of the configuration.
  ///
  /// No element means that the option was not given; a single empty one means no driver options at all.
  public var driverOptions: [String]

  /// Collects the options of a command line; those that were not given are left out.
  public init(
    root: String? = nil, runRoot: String? = nil, imageStore: String? = nil, driver: String? = nil,
    driverOptions: [String] = []
  ) {
    self.root = root
    self.runRoot = runRoot
    self.imageStore = imageStore
    self.driver = driver
    self.driverOptions = driverOptions
  }
}
