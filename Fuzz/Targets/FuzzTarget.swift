/// What is fuzzed, by the name of its corpus.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// The JSON layer.
  case json
  /// Names of images.
  case reference
  /// The recipe of a layer's tar.
  case tarsplit
  /// Manifests and configs.
  case manifest
  /// Records between the tools.
  case record
  /// storage.conf.
  case storage
  /// registries.conf.
  case registries
  /// TOML.
  case toml

  /// Runs the target on an input; a broken promise traps.
  public func run(_ bytes: [UInt8]) {
    switch self {
    case .json: fuzzJSON(bytes)
    case .reference: fuzzReference(bytes)
    case .tarsplit: fuzzTarSplit(bytes)
    case .manifest: fuzzManifest(bytes)
    case .record: fuzzRecord(bytes)
    case .storage: fuzzStorageConfiguration(bytes)
    case .registries: fuzzRegistriesConfiguration(bytes)
    case .toml: fuzzTOML(bytes)
    }
  }
}
