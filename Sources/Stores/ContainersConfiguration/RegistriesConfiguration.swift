import Diagnostics
import POSIX

/// The short-name settings of registries.conf files and recorded aliases.
///
/// Source: containers/image pkg/sysregistriesv2; containers-registries.conf(5).
public struct RegistriesConfiguration: Equatable, Sendable {
  /// The registries to try for a short name, in order: `host[:port]` each.
  public let unqualifiedSearchRegistries: [String]
  /// Full repositories by short repositories, all without tag and digest.
  public let aliases: [String: String]

  /// A configuration with known content.
  public init(unqualifiedSearchRegistries: [String] = [], aliases: [String: String] = [:]) {
    self.unqualifiedSearchRegistries = unqualifiedSearchRegistries
    self.aliases = aliases
  }

  /// The full repository of a short one, without tag and digest.
  public func alias(for repository: String) -> String? {
    aliases[repository]
  }

  /// Reads the configuration of a user.
  ///
  /// The main file is the one named by `CONTAINERS_REGISTRIES_CONF` or else by `REGISTRIES_CONFIG_PATH`, the
  /// user's `~/.config/containers/registries.conf`, or `/etc/containers/registries.conf`. Drop-in directories
  /// follow. Recorded aliases override those of files; without a file of recorded aliases there are none.
  /// Nothing is created or locked.
  ///
  /// `userID` is the effective one of the process. `fileSystemRoot` is the directory to look up absolute paths
  /// in. Any error in any file is a failure that names the file: with such a configuration the original
  /// programs resolve no short name at all. The caller should report the image as not known and give the
  /// reason.
  public static func load(
    environment: [String: String], userID: UInt32, fileSystemRoot: Path = "/"
  ) throws(Failure) -> RegistriesConfiguration {
    let files = ConfigurationFiles(root: fileSystemRoot)
    let user = User(effectiveID: userID, environment: environment, files: files)
    // Recorded aliases come first, also in the order of errors.
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
