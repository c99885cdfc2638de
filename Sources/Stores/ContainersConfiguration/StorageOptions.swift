/// The store options of a command line; podman has the same ones.
///
/// An option that was not given is nil, unlike one given as an empty text.
public struct StorageOptions: Equatable, Sendable {
  /// The graph root (`--root`); drops the driver options of the configuration.
  public var root: String?
  /// The run root (`--runroot`).
  public var runRoot: String?
  /// The separate root of images (`--imagestore`).
  public var imageStore: String?
  /// The name of the driver (`--storage-driver`); drops the driver options of the configuration.
  public var driver: String?
  /// The driver options (`--storage-opt`, repeatable), `key=value` each; they replace configured ones.
  ///
  /// No element: the option was not given. A single empty element: no driver options at all.
  public var driverOptions: [String]

  /// Collects the options of a command line; omit those that were not given.
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
