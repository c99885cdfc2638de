import GoJSON

extension OCISpec {
  /// An image configuration.
  ///
  /// Source: specs-go/v1/config.go (`Image`, with `Platform` embedded).
  struct Image: GoStruct {
    static let goTypeName = "v1.Image"
    static let fields: GoFields<Image> = [
      .optional("created", \.created), .optional("author", \.author), .always("architecture", \.architecture),
      .always("os", \.os), .optional("os.version", \.osVersion), .optional("os.features", \.osFeatures),
      .optional("variant", \.variant), .always("config", \.config), .always("rootfs", \.rootFS),
      .optional("history", \.history),
    ]

    var created: GoTime?
    var author = ""
    var architecture = ""
    var os = ""
    var osVersion = ""
    var osFeatures: [String]?
    var variant = ""
    var config = ImageConfig()
    var rootFS = RootFS()
    var history: [History]?
  }

  /// Source: specs-go/v1/config.go.
  struct ImageConfig: GoStruct {
    static let goTypeName = "v1.ImageConfig"
    static let fields: GoFields<ImageConfig> = [
      .optional("User", \.user), .optional("ExposedPorts", \.exposedPorts), .optional("Env", \.environment),
      .optional("Entrypoint", \.entrypoint), .optional("Cmd", \.command), .optional("Volumes", \.volumes),
      .optional("WorkingDir", \.workingDirectory), .optional("Labels", \.labels),
      .optional("StopSignal", \.stopSignal), .optional("ArgsEscaped", \.argumentsEscaped),
    ]

    var user = ""
    var exposedPorts: GoSet?
    var environment: [String]?
    var entrypoint: [String]?
    var command: [String]?
    var volumes: GoSet?
    var workingDirectory = ""
    var labels: [[UInt8]: String]?
    var stopSignal = ""
    var argumentsEscaped = false
  }

  /// Source: specs-go/v1/config.go.
  struct RootFS: GoStruct {
    static let goTypeName = "v1.RootFS"
    static let fields: GoFields<RootFS> = [.always("type", \.type), .always("diff_ids", \.diffIDs)]

    var type = ""
    var diffIDs: [DigestText]?
  }

  /// Source: specs-go/v1/config.go.
  struct History: GoStruct {
    static let goTypeName = "v1.History"
    static let fields: GoFields<History> = [
      .optional("created", \.created), .optional("created_by", \.createdBy), .optional("author", \.author),
      .optional("comment", \.comment), .optional("empty_layer", \.isEmptyLayer),
    ]

    var created: GoTime?
    var createdBy = ""
    var author = ""
    var comment = ""
    var isEmptyLayer = false
  }
}
