import POSIX
import TOML

@testable import ContainersConfiguration

/// storage.conf: as the main file of root and of a user.
public func fuzzStorageConfiguration(_ bytes: [UInt8]) {
  guard let scratch = ScratchFile(bytes) else { return }
  let environment = ["HOME": "/nonexistent", "CONTAINERS_STORAGE_CONF": "\(scratch.path)"]
  for user in [UInt32(0), 1000] {
    _ = try? StorageConfiguration.discover(options: StorageOptions(), environment: environment, userID: user)
  }
}

/// registries.conf: as the main file, as a drop-in, as a file of aliases.
public func fuzzRegistriesConfiguration(_ bytes: [UInt8]) {
  guard let content = try? TOMLTable(parsing: bytes) else { return }
  let table = ConfigurationTable(file: "registries.conf", content: content)
  _ = try? RegistriesFile(table, isDropIn: false)
  _ = try? RegistriesFile(table, isDropIn: true)
  _ = try? RegistriesFile.aliases(table)
}
