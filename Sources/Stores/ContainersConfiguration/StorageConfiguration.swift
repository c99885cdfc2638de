import Diagnostics
import POSIX

/// Where the local store is, by command line, environment and storage.conf files.
///
/// Nothing is created and nothing of the store itself is read, except by ``detectedDriver()``. Each value
/// remembers where it came from, for messages.
public struct StorageConfiguration: Sendable {
  /// The directory of images, layers and their metadata.
  public let graphRoot: Setting<Path>
  /// The directory for state that does not outlive the machine's run; it only tells stores apart.
  public let runRoot: Setting<Path>
  /// The name of the driver, `overlay2` already replaced; nil if the store itself must tell.
  public let driver: Setting<String>?
  /// The separate root of images and image layers, if there is one.
  public let imageStore: Setting<Path>?
  /// Further complete stores that are only read, in the order they are searched.
  public let additionalImageStores: Setting<[Path]>
  /// Directories that deliver layers on demand, in the order they are searched.
  public let additionalLayerStores: Setting<[Path]>

  let files: ConfigurationFiles

  /// Finds the store of a user.
  ///
  /// The rules for files are those of podman up to version 5, with the drop-in directories of later releases on
  /// top (`storage.conf.d`; for root also `storage.rootful.conf.d`, for others `storage.rootless.conf.d` and its
  /// directory named by the user ID). A file of the machine never decides where the store of a user is.
  /// `CONTAINERS_STORAGE_CONF` names the only file to read, `CONTAINERS_STORAGE_CONF_OVERRIDE` one on top of all.
  /// `STORAGE_DRIVER` goes over files, `STORAGE_OPTS` replaces their driver options and so the additional stores.
  ///
  /// `userID` is the effective one of the process. `fileSystemRoot` is a directory that stands for `/` when
  /// absolute paths are looked up; the paths of the result are without it. Fails with kind `unavailable` for a
  /// configuration that cannot be used and `noPermission` for one that cannot be read; both name the file.
  public static func discover(
    options: StorageOptions, environment: [String: String], userID: UInt32, fileSystemRoot: Path = "/"
  ) throws(Failure) -> StorageConfiguration {
    let files = ConfigurationFiles(root: fileSystemRoot)
    let user = User(effectiveID: userID, environment: environment, files: files)
    let settings = try StorageFiles(user: user, files: files).settings()
    let paths = SettingPaths(user: user, files: files)
    let stores = try additionalStores(settings, options, user)
    let driver = chosenDriver(settings, options, user)
    let graphRoot = try paths.graphRoot(settings, options)
    let imageStore = try paths.imageStore(settings, options)
    if let imageStore, imageStore.value == graphRoot.value {
      throw Failure(
        .unavailable, "\(imageStore.origin)",
        "imagestore \(imageStore.value) must either be not set or be a different than graphroot")
    }
    return StorageConfiguration(
      graphRoot: graphRoot, runRoot: try paths.runRoot(settings, options),
      driver: driver, imageStore: imageStore,
      additionalImageStores: try additionalImages(stores.images, driver, files),
      additionalLayerStores: try additionalLayers(stores.layers, driver, files), files: files)
  }

  /// The same configuration for the store that a `containers-storage:[…]` reference names.
  ///
  /// A root that is not named stays; a driver that is not named must be told by the store; driver options of
  /// the configuration do not hold there. If the roots (and the driver, where named) are those of this
  /// configuration, it stays as it is.
  public func selecting(_ specification: StoreSpecification) throws(Failure) -> StorageConfiguration {
    let root = specification.graphRoot.map { Setting(Path($0).cleaned, from: .specification) } ?? graphRoot
    let runRoot = specification.runRoot.map { Setting(Path($0).cleaned, from: .specification) } ?? self.runRoot
    let driver = specification.driver.map { Setting(canonicalDriver($0), from: .specification) }
    let isThisOne = root.value == graphRoot.value && runRoot.value == self.runRoot.value
    if isThisOne && (driver == nil || driver?.value == self.driver?.value) { return self }
    let stores = try DriverOptions(specification.options ?? [], from: .specification)
    return StorageConfiguration(
      graphRoot: root, runRoot: runRoot, driver: driver, imageStore: nil,
      additionalImageStores: try additionalImages(
        Setting(stores.imageStores, from: .specification), driver, files),
      additionalLayerStores: try additionalLayers(
        Setting(stores.layerStores, from: .specification), driver, files), files: files
    )
  }
}

private func chosenDriver(_ settings: StorageSettings, _ options: StorageOptions, _ user: User) -> Setting<
  String
>? {
  if let name = options.driver, !name.isEmpty {
    return Setting(canonicalDriver(name), from: .option("--storage-driver"))
  }
  if let name = user.environment["STORAGE_DRIVER"], !name.isEmpty {
    return Setting(canonicalDriver(name), from: .environment("STORAGE_DRIVER"))
  }
  guard let driver = settings.driver, !driver.value.isEmpty else { return nil }
  return Setting(canonicalDriver(driver.value), from: driver.origin)
}

private func canonicalDriver(_ name: String) -> String { name == "overlay2" ? "overlay" : name }

/// The additional stores by the strongest source: options, a choice of root or driver, `STORAGE_OPTS`, files.
private func additionalStores(
  _ settings: StorageSettings, _ options: StorageOptions, _ user: User
) throws(Failure) -> (images: Setting<[String]>, layers: Setting<[String]>) {
  func stores(_ list: [String], _ origin: SettingOrigin) throws(Failure)
    -> (images: Setting<[String]>, layers: Setting<[String]>)
  {
    let parsed = try DriverOptions(list == [""] ? [] : list, from: origin)
    return (Setting(parsed.imageStores, from: origin), Setting(parsed.layerStores, from: origin))
  }
  if !options.driverOptions.isEmpty {
    return try stores(options.driverOptions, .option("--storage-opt"))
  }
  if options.root != nil { return try stores([], .option("--root")) }
  if options.driver != nil { return try stores([], .option("--storage-driver")) }
  if let list = user.environment["STORAGE_OPTS"] {
    let elements = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return try stores(elements, .environment("STORAGE_OPTS"))
  }
  func split(_ list: Setting<StorageSettings.StringList>?) -> Setting<[String]> {
    // The files' arrays become driver options too, so that commas separate paths there as well.
    Setting(
      list?.value.values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        ?? [],
      from: list?.origin ?? .builtIn)
  }
  return (split(settings.additionalImageStores), split(settings.additionalLayerStores))
}
