import Diagnostics
import POSIX

/// Which registries.conf files apply to a user.
struct RegistriesFiles {
  private let files: ConfigurationFiles
  /// The main file.
  let mainFile: Path
  /// The variable that names the main file, which must then exist.
  let variable: String?
  /// The directories of drop-in files, in the order they apply.
  let dropInDirectories: [Path]

  private static let machine: Path = "/etc/containers/registries.conf"

  /// Finds the main file; reads nothing yet.
  init(user: User, files: ConfigurationFiles) throws(Failure) {
    self.files = files
    let own = try user.home()?.appending(".config/containers/registries.conf")
    let ownDropIns = try user.home().map { [$0.appending(".config/containers/registries.conf.d")] } ?? []
    var named: (variable: String, path: Path)?
    // The first variable that is set counts, even if it is empty.
    for variable in ["CONTAINERS_REGISTRIES_CONF", "REGISTRIES_CONFIG_PATH"] {
      guard let value = user.environment[variable] else { continue }
      if !value.isEmpty { named = (variable, Path(value)) }
      break
    }
    variable = named?.variable
    if named == nil, let own, try files.exists(own) {
      mainFile = own
      dropInDirectories = ownDropIns
    } else {
      mainFile = named?.path ?? Self.machine
      dropInDirectories = ["/etc/containers/registries.conf.d"] + ownDropIns
    }
  }

  /// The main file; nil if there is none, an error if a variable names it.
  func main() throws(Failure) -> RegistriesFile? {
    if let table = try files.table(mainFile, variable == nil ? .regular : .any) {
      return try RegistriesFile(table, isDropIn: false)
    }
    guard let variable else { return nil }
    throw Failure(
      .other, mainFile.description, "No such file or directory (named by $\(variable))")
  }

  /// The drop-in files, in the order they apply.
  func dropIns() throws(Failure) -> [RegistriesFile] {
    var result: [RegistriesFile] = []
    for directory in dropInDirectories where try files.entryKind(directory) == .directory {
      for name in try files.configurationEntries(directory) {
        let path = directory.appending(name)
        if try files.entryKind(path) == .directory { continue }
        guard let table = try files.table(path) else { continue }
        result.append(try RegistriesFile(table, isDropIn: true))
      }
    }
    return result
  }
}
