import GoJSON

/// The Go structs that Docker's manifests are decoded into and encoded from.
///
/// Source: containers/image, package manifest.
enum DockerSpec {}

extension DockerSpec {
  /// Source: manifest/docker_schema2.go (`Schema2`).
  struct Manifest: GoStruct {
    static let goTypeName = "manifest.Schema2"
    static let fields: GoFields<Manifest> = [
      .always("schemaVersion", \.schemaVersion), .always("mediaType", \.mediaType), .always("config", \.config),
      .always("layers", \.layers),
    ]

    var schemaVersion = 0
    var mediaType = ""
    var config = Descriptor()
    var layers: [Descriptor]?
  }

  /// Source: manifest/docker_schema2.go (`Schema2Descriptor`).
  struct Descriptor: GoStruct {
    static let goTypeName = "manifest.Schema2Descriptor"
    static let fields: GoFields<Descriptor> = [
      .always("mediaType", \.mediaType), .always("size", \.size), .always("digest", \.digest),
      .optional("urls", \.urls),
    ]

    var mediaType = ""
    var size: Int64 = 0
    var digest = DigestText()
    var urls: [String]?
  }

  /// Source: internal/manifest/docker_schema2_list.go (`Schema2List`).
  struct ManifestList: GoStruct {
    static let goTypeName = "manifest.Schema2ListPublic"
    static let fields: GoFields<ManifestList> = [
      .always("schemaVersion", \.schemaVersion), .always("mediaType", \.mediaType),
      .always("manifests", \.manifests),
    ]

    var schemaVersion = 0
    var mediaType = ""
    var manifests: [ManifestDescriptor]?
  }

  /// Source: internal/manifest/docker_schema2_list.go (`Schema2ManifestDescriptor`).
  struct ManifestDescriptor: GoStruct {
    static let goTypeName = "manifest.Schema2ManifestDescriptor"
    static let fields: GoFields<ManifestDescriptor> = [
      .always("mediaType", \.mediaType), .always("size", \.size), .always("digest", \.digest),
      .optional("urls", \.urls), .always("platform", \.platform),
    ]

    var mediaType = ""
    var size: Int64 = 0
    var digest = DigestText()
    var urls: [String]?
    var platform = Platform()
  }

  /// Source: internal/manifest/docker_schema2_list.go (`Schema2PlatformSpec`).
  struct Platform: GoStruct {
    static let goTypeName = "manifest.Schema2PlatformSpec"
    static let fields: GoFields<Platform> = [
      .always("architecture", \.architecture), .always("os", \.os), .optional("os.version", \.osVersion),
      .optional("os.features", \.osFeatures), .optional("variant", \.variant),
      .optional("features", \.features),
    ]

    var architecture = ""
    var os = ""
    var osVersion = ""
    var osFeatures: [String]?
    var variant = ""
    var features: [String]?
  }
}
