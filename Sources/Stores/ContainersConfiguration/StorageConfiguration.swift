import Diagnostics
import POSIX

/// The location of the local store, from command line, environment and storage.conf files.
///
/// Creates nothing, and reads nothing from the store except in ``detectedDriver()``. Each value has its origin,
/// for messages.
public struct StorageConfiguration: Sendable {
  /// The directory of images, layers and their metadata.
  public let graphRoot: Setting<Path>
  /// The directory for state until the next boot; only used to distinguish stores.
  public let runRoot: Setting<Path>
  /// The name of the driver, with `overlay2` replaced; nil to detect it from the store.
  public let driver: Setting<String>?
  /// The separate root of images and image layers, if there is one.
  public let imageStore: Setting<Path>?
  /// Further complete, read-only stores, in search order.
  public let additionalImageStores: Setting<[Path]>
  /// Directories that provide layers on demand, in search order.
  public let additionalLayerStores: Setting<[Path]>
  /// The keys of the storage.conf files that have no effect, in the order of the files.
  public let ignoredKeys: [IgnoredKey]

  let files: ConfigurationFiles

  /// Finds the store of a user.
  ///
  /// The rules for files are those of podman up to version 5, plus the drop-in directories of later releases
  /// (`storage.conf.d`; for root also `storage.rootful.conf.d`, for others `storage.rootless.conf.d` and its
  /// subdirectory named by the user ID). A file of the machine never sets the location of a user's store.
  /// `CONTAINERS_STORAGE_CONF` names the only file to read, `CONTAINERS_STORAGE_CONF_OVERRIDE` a file that
  /// overrides all others. `STORAGE_DRIVER` overrides files. `STORAGE_OPTS` replaces the driver options of
  /// files, and with them the additional stores.
  ///
  /// `userID` is the effective one of the process. `fileSystemRoot` is the directory to look up absolute paths
  /// in; the resulting paths do not contain it. Fails with kind `unavailable` for an unusable configuration and
  /// `noPermission` for an unreadable one; both name the file.
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
      additionalLayerStores: try additionalLayers(stores.layers, driver, files),
      ignoredKeys: settings.ignoredKeys, files: files)
  }

  /// The same configuration for the store in a `containers-storage:[…]` reference.
  ///
  /// A root that the reference omits is kept; a driver that it omits is detected from the store. Driver options
  /// of the configuration do not apply. If the roots (and the driver, if given) equal those of this
  /// configuration, it is returned unchanged.
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
        Setting(stores.layerStores, from: .specification), driver, files),
      ignoredKeys: ignoredKeys, files: files)
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

/// The additional stores, by precedence: options, a choice of root or driver, `STORAGE_OPTS`, files.
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
    // Arrays of files become driver options too, so commas also separate paths there.
    Setting(
      list?.value.values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        ?? [],
      from: list?.origin ?? .builtIn)
  }
  return (split(settings.additionalImageStores), split(settings.additionalLayerStores))
}
