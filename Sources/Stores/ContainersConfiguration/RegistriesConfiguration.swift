import Diagnostics
import POSIX

/// What registries.conf files and recorded aliases say about short names.
///
/// Source: containers/image pkg/sysregistriesv2; containers-registries.conf(5).
public struct RegistriesConfiguration: Equatable, Sendable {
  /// The registries that a short name is tried with, in order: `host[:port]` each.
  public let unqualifiedSearchRegistries: [String]
  /// The full repositories that short repositories stand for, each without tag and digest.
  public let aliases: [String: String]

  /// A configuration of known content.
  public init(unqualifiedSearchRegistries: [String] = [], aliases: [String: String] = [:]) {
    self.unqualifiedSearchRegistries = unqualifiedSearchRegistries
    self.aliases = aliases
  }

  /// The full repository that a short one, without tag and digest, stands for.
  public func alias(for repository: String) -> String? {
    aliases[repository]
  }

  /// Reads the configuration of a user.
  ///
  /// The main file is the one named by `CONTAINERS_REGISTRIES_CONF` or else by `REGISTRIES_CONFIG_PATH`, the
  /// user's `~/.config/containers/registries.conf`, or `/etc/containers/registries.conf`; drop-in directories
  /// follow. Aliases that programs have recorded win over those of files. Nothing is created or locked, and a
  /// missing file of recorded aliases has no aliases.
  ///
  /// `userID` is the effective one of the process. `fileSystemRoot` is a directory that stands for `/` when
  /// absolute paths are looked up. Any error anywhere in the files is a failure that names the file: with such
  /// a configuration the original programs know no short name at all, so a caller should report the image as
  /// not known and say why.
  public static func load(
    environment: [String: String], userID: UInt32, fileSystemRoot: Path = "/"
  ) throws(Failure) -> RegistriesConfiguration {
    let files = ConfigurationFiles(root: fileSystemRoot)
    let user = User(effectiveID: userID, environment: environment, files: files)
    // The recorded aliases come first, in reports of errors as well.
    var recorded: [String: String] = [:]
    if let file = try user.recordedAliases(), let table = try files.table(file) {
      recorded = try RegistriesFile.aliases(table)
    }
    let sources = try RegistriesFiles(user: user, files: files)
    var registries: [String] = []
    var aliases: [String: String] = [:]
    func apply(_ file: RegistriesFile) {
      registries = file.searchRegistries ?? registries
      aliases.merge(file.aliases) { $1 }
    }
    if let main = try sources.main() { apply(main) }
    for dropIn in try sources.dropIns() { apply(dropIn) }
    aliases.merge(recorded) { $1 }
    return RegistriesConfiguration(
      unqualifiedSearchRegistries: registries, aliases: aliases.filter { !$0.value.isEmpty })
  }
}
