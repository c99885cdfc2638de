import Diagnostics
import POSIX

/// The paths of additional image stores: absolute, and directories that exist.
///
/// Only the `vfs` driver accepts a missing one and treats it as empty.
func additionalImages(
  _ stores: Setting<[String]>, _ driver: Setting<String>?, _ files: ConfigurationFiles
) throws(Failure) -> Setting<[Path]> {
  try additionalStores(stores.value, of: "image", stores.origin, driver, files)
}

/// The paths of additional layer stores, without the options after a colon.
func additionalLayers(
  _ stores: Setting<[String]>, _ driver: Setting<String>?, _ files: ConfigurationFiles
) throws(Failure) -> Setting<[Path]> {
  let paths = stores.value.map { store in String(store.prefix { $0 != ":" }) }
  return try additionalStores(paths, of: "layer", stores.origin, driver, files)
}

private func additionalStores(
  _ stores: [String], of kind: String, _ origin: SettingOrigin, _ driver: Setting<String>?,
  _ files: ConfigurationFiles
) throws(Failure) -> Setting<[Path]> {
  var paths: [Path] = []
  for store in stores {
    let path = Path(store).cleaned
    func failure(_ reason: String) -> Failure {
      Failure(.unavailable, path.description, "additional \(kind) store \(reason) (from \(origin))")
    }
    guard path.isAbsolute else { throw failure("is not an absolute path") }
    if try files.exists(path) {
      guard try files.isDirectory(path) else { throw failure("is not a directory") }
    } else if driver?.value != "vfs" {
      throw failure("does not exist")
    }
    paths.append(path)
  }
  return Setting(paths, from: origin)
}
