import POSIX
import TOML

@testable import ContainersConfiguration

/// storage.conf: as the main file of root and of a user.
public func fuzzStorageConfiguration(_ bytes: [UInt8]) {
  guard let scratch = ScratchFile(bytes) else { return }
  let environment = ["HOME": "/nonexistent", "CONTAINERS_STORAGE_CONF": "\(scratch.path)"]
  for user in [UInt32(0), 1000] {
    let found = try? StorageConfiguration.discover(
      options: StorageOptions(), environment: environment, userID: user)
    if let found { promise(!found.graphRoot.value.bytes.isEmpty, "a store without a root") }
  }
}

/// registries.conf: as the main file, as a drop-in, as a file of aliases.
public func fuzzRegistriesConfiguration(_ bytes: [UInt8]) {
  guard let content = try? TOMLTable(parsing: bytes) else { return }
  let table = ConfigurationTable(file: "registries.conf", content: content)
  for isDropIn in [false, true] where (try? RegistriesFile(table, isDropIn: isDropIn)) != nil {
    let again = ConfigurationTable(file: "other.conf", content: content)
    promise((try? RegistriesFile(again, isDropIn: isDropIn)) != nil, "a file that its name decides about")
  }
  _ = try? RegistriesFile.aliases(table)
}
