import GoJSON

/// The Go structs of the OCI image-spec that manifests are decoded into and encoded from.
///
/// Source: OCI image-spec v1.1, specs-go/v1.
enum OCISpec {}

extension OCISpec {
  /// Source: specs-go/v1/manifest.go.
  struct Manifest: GoStruct {
    static let goTypeName = "v1.Manifest"
    static let fields: GoFields<Manifest> = [
      .always("schemaVersion", \.schemaVersion), .optional("mediaType", \.mediaType),
      .optional("artifactType", \.artifactType), .always("config", \.config), .always("layers", \.layers),
      .optional("subject", \.subject), .optional("annotations", \.annotations),
    ]

    var schemaVersion = 0
    var mediaType = ""
    var artifactType = ""
    var config = Descriptor()
    var layers: [Descriptor]?
    var subject: Descriptor?
    var annotations: [[UInt8]: String]?
  }

  /// Source: specs-go/v1/index.go.
  struct Index: GoStruct {
    static let goTypeName = "v1.Index"
    static let fields: GoFields<Index> = [
      .always("schemaVersion", \.schemaVersion), .optional("mediaType", \.mediaType),
      .optional("artifactType", \.artifactType), .always("manifests", \.manifests),
      .optional("subject", \.subject), .optional("annotations", \.annotations),
    ]

    var schemaVersion = 0
    var mediaType = ""
    var artifactType = ""
    var manifests: [Descriptor]?
    var subject: Descriptor?
    var annotations: [[UInt8]: String]?
  }

  /// Source: specs-go/v1/descriptor.go.
  struct Descriptor: GoStruct {
    static let goTypeName = "v1.Descriptor"
    static let fields: GoFields<Descriptor> = [
      .always("mediaType", \.mediaType), .always("digest", \.digest), .always("size", \.size),
      .optional("urls", \.urls), .optional("annotations", \.annotations), .optional("data", \.data),
      .optional("platform", \.platform), .optional("artifactType", \.artifactType),
    ]

    var mediaType = ""
    var digest = DigestText()
    var size: Int64 = 0
    var urls: [String]?
    var annotations: [[UInt8]: String]?
    var data = GoBytes()
    var platform: Platform?
    var artifactType = ""
  }

  /// Source: specs-go/v1/descriptor.go.
  struct Platform: GoStruct {
    static let goTypeName = "v1.Platform"
    static let fields: GoFields<Platform> = [
      .always("architecture", \.architecture), .always("os", \.os), .optional("os.version", \.osVersion),
      .optional("os.features", \.osFeatures), .optional("variant", \.variant),
    ]

    var architecture = ""
    var os = ""
    var osVersion = ""
    var osFeatures: [String]?
    var variant = ""
  }
}

/// The text of a digest, which may be malformed.
///
/// Source: opencontainers/go-digest, digest.go.
struct DigestText: GoNamed {
  static let goTypeName = "digest.Digest"

  var value = ""
}
