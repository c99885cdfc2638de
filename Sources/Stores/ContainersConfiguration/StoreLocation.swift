import ContainersStorage
import Diagnostics

extension StoreLocation {
  /// The store of a configuration.
  public init(_ configuration: StorageConfiguration) throws(Failure) {
    let configured = configuration.driver?.value
    let name: String
    if let configured { name = configured } else { name = try configuration.detectedDriver() ?? "overlay" }
    self.init(
      root: configuration.graphRoot.value, driver: try StorageDriver(named: name),
      imageStore: configuration.imageStore?.value,
      additionalStores: configuration.additionalImageStores.value)
  }
}
