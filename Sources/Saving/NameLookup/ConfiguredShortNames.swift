import ContainersConfiguration
import Diagnostics
import POSIX

/// The short names of the configuration files, which are read on first use.
public final class ConfiguredShortNames: ShortNames {
  private let environment: [String: String]
  private let userID: UInt32
  private let loaded = Lock<Result<RegistriesConfiguration, Failure>?>(nil)

  /// Prepares to read the configuration of a user.
  public init(environment: [String: String], userID: UInt32) {
    self.environment = environment
    self.userID = userID
  }

  /// The name for an alias.
  public func alias(for repository: String) throws(Failure) -> String? {
    try configuration().alias(for: repository)
  }

  /// The registries to search for a short name.
  public var searchRegistries: [String] {
    get throws(Failure) { try configuration().unqualifiedSearchRegistries }
  }

  private func configuration() throws(Failure) -> RegistriesConfiguration {
    let result = loaded.withLock { loaded in
      if let loaded { return loaded }
      let result = Result { () throws(Failure) in
        try RegistriesConfiguration.load(environment: environment, userID: userID)
      }
      loaded = result
      return result
    }
    return try result.get()
  }
}
