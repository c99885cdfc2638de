import GoJSON
import ImageModel
import JSON

/// The media type of a manifest by its contents; nil if none is recognised.
///
/// A known `mediaType` decides. Without one, schema version 1 means Docker's schema 1, signed or not. For
/// version 2, the config's media type decides, then whether there is a list of manifests; all else is OCI. A
/// list of manifests together with an unknown config has the media type of the config, whatever that is.
/// Source: containers/image, internal/manifest/manifest.go (`GuessMIMEType`).
public func guessedMediaType(of manifest: JSONValue) -> MediaType? {
  guard let versioned = try? Versioned(manifest) else { return nil }
  let declared = MediaType(versioned.mediaType)
  switch declared {
  case .dockerManifest, .dockerManifestList, .ociManifest, .ociIndex: return declared
  default: break
  }
  switch versioned.schemaVersion {
  case 1: return versioned.signatures.isPresent ? .dockerSchema1Signed : .dockerSchema1
  case 2:
    guard let config = try? WithConfig(manifest).config.mediaType else { return nil }
    if config == MediaType.ociConfig.description { return .ociManifest }
    if config == MediaType.dockerConfig.description { return .dockerManifest }
    guard let list = try? WithManifests(manifest).manifests ?? [] else { return nil }
    if list.isEmpty { return .ociManifest }
    return config.isEmpty ? .ociIndex : MediaType(config)
  default: return nil
  }
}

extension MediaType {
  /// The media type by which a manifest of this type is read.
  ///
  /// An unrecognised type counts as a signed manifest of schema 1; reading it then fails.
  /// Source: containers/image, internal/manifest/manifest.go (`NormalizedMIMEType`).
  static func normalized(_ type: MediaType?) -> MediaType {
    switch type {
    case .dockerSchema1, .dockerSchema1Signed, .dockerManifest, .dockerManifestList, .ociManifest, .ociIndex:
      type ?? .dockerSchema1Signed
    default: .dockerSchema1Signed
    }
  }
}

/// The members common to all manifests.
private struct Versioned: GoStruct {
  static let goTypeName = ""
  static let fields: GoFields<Versioned> = [
    .always("mediaType", \.mediaType), .always("schemaVersion", \.schemaVersion),
    .always("signatures", \.signatures),
  ]

  var mediaType = ""
  var schemaVersion = 0
  var signatures = GoAny()
}

/// A manifest with a config.
private struct WithConfig: GoStruct {
  struct Config: GoStruct {
    static let goTypeName = ""
    static let fields: GoFields<Config> = [.always("mediaType", \.mediaType)]

    var mediaType = ""
  }

  static let goTypeName = ""
  static let fields: GoFields<WithConfig> = [.always("config", \.config)]

  var config = Config()
}

/// A list of manifests.
private struct WithManifests: GoStruct {
  static let goTypeName = ""
  static let fields: GoFields<WithManifests> = [.always("manifests", \.manifests)]

  var manifests: [OCISpec.Descriptor]?
}
