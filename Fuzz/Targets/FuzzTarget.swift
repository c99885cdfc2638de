/// The fuzz targets, named like their corpora.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// The JSON module.
  case json
  /// Names of images.
  case reference
  /// tar-split files.
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
  /// Databases of bbolt.
  case bolt
  /// tar archives.
  case tar
  /// Archives of images.
  case verify
  /// Archives of images as sources.
  case files
  /// Lists of layers that a receiver has.
  case have
  /// gzip streams, with both engines.
  case gzip
  /// Edited records.
  case amend

  /// Runs the target on an input; traps if a property does not hold.
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
    case .bolt: fuzzBolt(bytes)
    case .tar: fuzzTar(bytes)
    case .verify: fuzzVerify(bytes)
    case .files: fuzzFiles(bytes)
    case .have: fuzzHave(bytes)
    case .gzip: fuzzGzip(bytes)
    case .amend: fuzzAmend(bytes)
    }
  }
}
