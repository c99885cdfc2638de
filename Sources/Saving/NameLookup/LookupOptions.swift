import ContainersConfiguration
import ContainersStorage
import Diagnostics
import ImageModel
import ImageSource
import POSIX

/// The configuration of names without a registry, from registries.conf and related files.
///
/// Source: containers/image pkg/sysregistriesv2.
public protocol ShortNames: Sendable {
  /// The name for an alias, or nil; `repository` has neither tag nor digest.
  ///
  /// Fails if the configuration cannot be read.
  func alias(for repository: String) throws(Failure) -> String?

  /// The registries to search for a short name, in order.
  var searchRegistries: [String] { get throws(Failure) }
}

/// A configuration without aliases and search registries: that of an empty registries.conf.
public struct NoShortNames: ShortNames {
  /// Creates the empty configuration.
  public init() {}

  /// Nil: no name has an alias.
  public func alias(for repository: String) -> String? { nil }

  /// Empty: there are no registries.
  public var searchRegistries: [String] { [] }
}

/// The input of a lookup other than the store.
public struct LookupOptions: Sendable {
  /// The requested platform; nil for that of the host.
  ///
  /// If set, images of other platforms are skipped unless requested by ID.
  public var platform: Platform?
  /// The images to take from manifest lists; nil for one image of each.
  public var lists: PlatformChoice?
  /// The platform of the host, with the variant of its processor; called only when a list needs it.
  public var host: @Sendable () -> Platform
  /// The configuration of short names.
  public var shortNames: any ShortNames
  /// Checks whether files exist, to distinguish a path from a tag in texts such as `dir:latest`.
  public var files: FileProbe
  /// Opens the store of a `containers-storage:[…]` reference, unless it is the current one.
  public var openStore: @Sendable (StoreSpecification) throws(Failure) -> StoreSnapshot
  /// Receives notes about problems that did not stop the lookup.
  public var note: @Sendable (LookupNote) -> Void
  /// What to add to the failure for an unknown image if no name is similar; called only then.
  public var hint: @Sendable () -> String? = { nil }
  /// Receives each step of a lookup.
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

/// A problem that a lookup skipped.
public enum LookupNote: Equatable, Sendable, CustomStringConvertible {
  /// The candidates for a short name cannot be built, so the name is not known.
  case noCandidates(Failure)
  /// The store of a reference cannot be opened, so the text was looked up as a name.
  case noStore(Failure)
  /// The image has no manifest, so it is unknown whether it is a list.
  case noManifest(image: String)
  /// A stored name is invalid; libimage would fail here.
  case invalidName(String, reason: String)

  /// The note as text.
  public var description: String {
    switch self {
    case .noCandidates(let failure), .noStore(let failure): failure.description
    case .noManifest(let image):
      printable("image \(image): cannot tell if it is a manifest list: it has no manifest")
    case .invalidName(let name, let reason): printable("stored name \"\(name)\" ignored: \(reason)")
    }
  }
}
