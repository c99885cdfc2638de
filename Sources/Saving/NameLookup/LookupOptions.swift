import ContainersConfiguration
import ContainersStorage
import Diagnostics
import ImageModel
import POSIX

/// What registries.conf and the files beside it say about names without a registry.
///
/// Source: containers/image pkg/sysregistriesv2.
public protocol ShortNames: Sendable {
  /// The name that an alias stands for, nil if there is none; the repository has neither tag nor digest.
  ///
  /// A configuration that cannot be read is a failure.
  func alias(for repository: String) throws(Failure) -> String?

  /// The registries in which a short name is searched, in order.
  var searchRegistries: [String] { get throws(Failure) }
}

/// A configuration without aliases and search registries: that of an empty registries.conf.
public struct NoShortNames: ShortNames {
  /// Creates the empty configuration.
  public init() {}

  /// No name has an alias.
  public func alias(for repository: String) -> String? { nil }

  /// There are no registries.
  public var searchRegistries: [String] { [] }
}

/// Everything that decides about a lookup and is not in the store.
public struct LookupOptions: Sendable {
  /// The platform that was asked for; nil for that of the host.
  ///
  /// With one, an image of another platform is passed over, unless it was asked for by its ID.
  public var platform: Platform?
  /// The platform of the host, with the variant of its processor; only asked for when a list needs it.
  public var host: @Sendable () -> Platform
  /// The configuration of short names.
  public var shortNames: any ShortNames
  /// How the existence of files is found out, which tells a path from a tag in texts such as `dir:latest`.
  public var files: FileProbe
  /// Opens the store that a `containers-storage:[…]` reference names, if it is not the one at hand.
  public var openStore: @Sendable (StoreSpecification) throws(Failure) -> StoreSnapshot
  /// Told what did not stop the lookup and may still be of interest.
  public var note: @Sendable (LookupNote) -> Void
  /// Told each step of a lookup.
  public var trace: @Sendable (LookupStep) -> Void = { _ in }

  /// Creates options; the defaults are the host, no short names, the real files, and no other stores.
  public init(
    platform: Platform? = nil,
    host: @escaping @Sendable () -> Platform = { .host },
    shortNames: any ShortNames = NoShortNames(),
    files: FileProbe = .real,
    openStore: @escaping @Sendable (StoreSpecification) throws(Failure) -> StoreSnapshot = {
      specification throws(Failure) in
      throw Failure(.unavailable, specification.graphRoot ?? "", "no other store can be opened here")
    },
    note: @escaping @Sendable (LookupNote) -> Void = { _ in }
  ) {
    self.platform = platform
    self.host = host
    self.shortNames = shortNames
    self.files = files
    self.openStore = openStore
    self.note = note
  }
}

/// Something that a lookup passed over.
public enum LookupNote: Equatable, Sendable, CustomStringConvertible {
  /// The candidates for a short name cannot be built, so it counts as not known.
  case noCandidates(Failure)
  /// The store that a reference names cannot be opened, so the text was taken for a name.
  case noStore(Failure)
  /// The image has no manifest, so it was not checked whether it is a list.
  case noManifest(image: String)
  /// A stored name is none; libimage would give up here.
  case invalidName(String, reason: String)

  /// The note in words.
  public var description: String {
    switch self {
    case .noCandidates(let failure), .noStore(let failure): failure.description
    case .noManifest(let image):
      printable("image \(image): cannot tell if it is a manifest list: it has no manifest")
    case .invalidName(let name, let reason): printable("stored name \"\(name)\" ignored: \(reason)")
    }
  }
}
