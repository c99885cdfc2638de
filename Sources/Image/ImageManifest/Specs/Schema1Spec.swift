import GoJSON

/// The Go structs of Docker's manifests of version 2, schema 1.
///
/// Source: containers/image, manifest/docker_schema1.go.
enum Schema1Spec {}

extension Schema1Spec {
  /// Source: `Schema1`.
  struct Manifest: GoStruct {
    static let goTypeName = "manifest.Schema1"
    static let fields: GoFields<Manifest> = [
      .always("name", \.name), .always("tag", \.tag), .always("architecture", \.architecture),
      .always("fsLayers", \.fsLayers), .always("history", \.history), .always("schemaVersion", \.schemaVersion),
    ]

    var name = ""
    var tag = ""
    var architecture = ""
    var fsLayers: [FSLayer]?
    var history: [History]?
    var schemaVersion = 0
  }

  /// Source: `Schema1FSLayers`.
  struct FSLayer: GoStruct {
    static let goTypeName = "manifest.Schema1FSLayers"
    static let fields: GoFields<FSLayer> = [.always("blobSum", \.blobSum)]

    var blobSum = DigestText()
  }

  /// Source: `Schema1History`.
  struct History: GoStruct {
    static let goTypeName = "manifest.Schema1History"
    static let fields: GoFields<History> = [.always("v1Compatibility", \.v1Compatibility)]

    var v1Compatibility = ""
  }

  /// The members of a `v1Compatibility` text that are needed to check and convert the manifest.
  ///
  /// Source: `Schema1V1Compatibility`.
  struct V1Compatibility: GoStruct {
    static let goTypeName = "manifest.Schema1V1Compatibility"
    static let fields: GoFields<V1Compatibility> = [
      .always("id", \.id), .optional("parent", \.parent), .optional("comment", \.comment),
      .always("created", \.created), .always("container_config", \.containerConfig),
      .optional("author", \.author), .optional("throwaway", \.isThrowaway),
    ]

    var id = ""
    var parent = ""
    var comment = ""
    var created = GoTime()
    var containerConfig = ContainerConfig()
    var author = ""
    var isThrowaway = false
  }

  /// Source: `schema1V1CompatibilityContainerConfig`.
  struct ContainerConfig: GoStruct {
    static let goTypeName = "manifest.schema1V1CompatibilityContainerConfig"
    static let fields: GoFields<ContainerConfig> = [.always("Cmd", \.command)]

    var command: [String]?
  }
}
